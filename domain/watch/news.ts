import type { Control } from '../control.js';
import type { Due, WatchVerdict } from './judge.js';
import type { WatchRules } from './limits.js';
import type { WatchMemory } from './memory.js';

/**
 * What the supervisor must do after a look; null for nothing. A job whose trainer was told to leave is being ended already: the limit that it
 * is ended for stays passed, and would be news at every look again.
 */
export function dueNow(verdict: WatchVerdict, { stop }: Control): Due | null {
  const due = verdict.kind === 'ALIVE' ? verdict.due : null;
  const isBeingEnded = stop !== null && due?.do === 'restart';
  return isBeingEnded ? null : due;
}

/** Whether the job has held its nodes for so long that a person is to hear what the run has spent. */
export const isToBeTold = ({ meter }: WatchMemory, { tellAtSeconds = null }: WatchRules): boolean =>
  tellAtSeconds !== null && (meter?.seconds ?? 0) >= tellAtSeconds;
