import { CancellationScope, condition } from '@temporalio/workflow';
import { ownCancellation } from './proxies.js';
import type { Run } from './state.js';

/**
 * Has Temporal cancel this run, so that the `cancel` update reaches whatever the run is at, and so that the workflow can close as canceled:
 * that takes Temporal's own word. Where it cannot be had the run ends all the same, and closes as failed.
 */
export async function cancelOwnRun({ place }: Run): Promise<void> {
  await CancellationScope.nonCancellable(() => ownCancellation.cancelOwnRun({ place })).catch(() => undefined);
}

/** @param root the scope that Temporal cancels */
export async function becomeCanceled(run: Run, root: CancellationScope): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await cancelOwnRun(run);
    await condition(() => root.consideredCancelled, '30 seconds');
  });
}
