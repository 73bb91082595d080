import { setTimeout as sleep } from 'node:timers/promises';
import { getClient } from '@temporalio/activity';
import type { Simulated } from './simulated.js';

/** The workflow has to hear of a cancel in milliseconds; where it does not, the schedule goes on, and perhaps stalls. */
const PATIENCE_MS = 5_000;

/**
 * While an operator's cancel is under way to the workflow, no other activity ends: the test server refuses a workflow task that cancels an
 * activity which has ended meanwhile, after having carried out half of it, and the run stands still for ever. A real server does the task anew.
 */
export async function whileCancelCrosses(sim: Simulated, activity: string): Promise<void> {
  if (activity === 'cancelOwnRun') return;
  const deadline = performance.now() + PATIENCE_MS;
  while (sim.cancelCrosses && !isHeldBack(sim) && performance.now() < deadline) {
    if (await hasHeard(sim.config.name)) sim.cancelCrosses = false;
    else await sleep(10);
  }
}

/** Who carries the cancel over found no worker, and comes again later: until then nothing crosses. */
const isHeldBack = ({ between }: Simulated) => [...between.values()].includes('cancelOwnRun');

async function hasHeard(run: string): Promise<boolean> {
  const events = (await getClient().workflow.getHandle(run).fetchHistory()).events ?? [];
  const asked = events.findIndex((one) => one.workflowExecutionCancelRequestedEventAttributes);
  return asked >= 0 && events.slice(asked).some((one) => one.workflowTaskCompletedEventAttributes);
}
