import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import { STATUS_MEMO } from '../domain/status.js';
import type { RunInput } from './run-state.js';
import type { Run } from './state.js';

/**
 * Ends this execution and goes on in the next with the same state. A pinned run moves to the worker version that became current meanwhile; servers
 * without worker versioning, and unversioned workers, never raise the flag (docs/decisions/009-worker-versions.md).
 */
export async function continueRunAsNew(run: Run): Promise<never> {
  await run.flush();
  await condition(allHandlersFinished);
  const next: RunInput = { ...run.input, state: run.state };
  const newerVersionIsCurrent = workflowInfo().targetWorkerDeploymentVersionChanged;
  const continueWith = makeContinueAsNewFunc<(input: RunInput) => Promise<unknown>>({
    // A memo does not pass over by itself, and the next execution may say nothing new for hours.
    memo: { [STATUS_MEMO]: run.status() },
    ...(newerVersionIsCurrent ? { initialVersioningBehavior: 'AUTO_UPGRADE' } : {}),
  });
  return continueWith(next);
}
