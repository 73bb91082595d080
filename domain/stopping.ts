import type { RunConfig } from './config.js';
import type { WatchMemory } from './watch/memory.js';

/**
 * How a job is brought to its end: a trainer that lives is asked to save and leave, so that nothing is lost; one that does not, or does not
 * leave in time, is canceled. What follows is the proof (`proof.ts`).
 */
export type StopStep = 'ask-trainer' | 'wait' | 'cancel';

/** @param askedSeconds how long ago the trainer was asked, by looks that were answered; null before */
export function stopStep(
  memory: WatchMemory,
  askedSeconds: number | null,
  { checkpointSeconds }: RunConfig['stopping'],
): StopStep {
  if (askedSeconds !== null) return askedSeconds < checkpointSeconds ? 'wait' : 'cancel';
  return isWorthAsking(memory) ? 'ask-trainer' : 'cancel';
}

/** A trainer that has not come to its loop, or whose heartbeat or step stands still, will not hear us in time. */
function isWorthAsking({ heartbeat, awaiting, clocks, status, stuck }: WatchMemory): boolean {
  const trains = heartbeat !== null && ['training', 'checkpointing'].includes(heartbeat.state);
  return trains && !stuck && awaiting === null && status === 'Running' && !((clocks.silent ?? 0) > 60);
}
