import type { Change } from './clocks.js';
import type { WatchMemory } from './memory.js';

/** Seconds a step takes, as observed; null before anything was. */
export function secondsPerStep(memory: WatchMemory): number | null {
  const { steps, seconds } = memory.pace;
  return steps > 0 && seconds > 0 ? seconds / steps : null;
}

/** Older training counts half after an hour, so that the pace follows a changed cluster. */
const PACE_HALF_LIFE_SECONDS = 3_600;

/** Time counts once a step came of it: what stands still until it is ended was no slow training. */
export function paceAfter(
  { pace, stillSeconds = 0, heartbeat: known }: WatchMemory,
  { heartbeat, running, ...change }: Change,
): { readonly pace: WatchMemory['pace']; readonly stillSeconds: number } {
  const trains = heartbeat?.state === 'training' && known?.state === 'training';
  const sameStart = heartbeat?.incarnation === known?.incarnation;
  if (!running || !trains || !sameStart || change.wasAway || change.trainerSeconds === 0)
    return { pace, stillSeconds: 0 };
  const steps = Math.max(0, (heartbeat.step ?? 0) - (known.step ?? 0));
  const seconds = stillSeconds + change.trainerSeconds;
  if (steps === 0) return { pace, stillSeconds: seconds };
  const factor = pace.seconds > PACE_HALF_LIFE_SECONDS ? 0.5 : 1;
  return { pace: { steps: pace.steps * factor + steps, seconds: pace.seconds * factor + seconds }, stillSeconds: 0 };
}

/** More training than any limit allows, where the pace is not known. */
const MUCH = 1e9;

/** Training that a start in place does again: a trainer that keeps to the contract goes on from its attempt's newest checkpoint; one that does not is seen by its step. */
export function secondsRepeated(memory: WatchMemory): number {
  const { awaiting, restarts, validCheckpoint, heartbeat } = memory;
  const at = heartbeat?.state === 'training' ? heartbeat.step : null;
  const hasRestarted = awaiting === null && restarts > 0;
  if (!hasRestarted || validCheckpoint === null || at === null) return 0;
  const steps = Math.max(0, Number(validCheckpoint.split('/').at(-1)) - at);
  const pace = secondsPerStep(memory);
  return steps === 0 ? 0 : pace === null ? MUCH : steps * pace;
}
