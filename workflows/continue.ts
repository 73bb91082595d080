import { allHandlersFinished, condition, makeContinueAsNewFunc } from '@temporalio/workflow';
import { STATUS_MEMO } from '../domain/status.js';
import type { Run, RunInput } from './state.js';

/** Goes on in a new execution with an empty history. Everything the run knows passes over in its state. */
export async function continueRunAsNew(run: Run): Promise<never> {
  await run.flush();
  await condition(allHandlersFinished);
  const next: RunInput = { ...run.input, state: run.state };
  // A memo does not pass over by itself, and the next execution may say nothing new for hours.
  const continueWith = makeContinueAsNewFunc<(input: RunInput) => Promise<unknown>>({
    memo: { [STATUS_MEMO]: run.status() },
  });
  return continueWith(next);
}
