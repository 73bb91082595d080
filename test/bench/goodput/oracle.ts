import type { World } from './policy.js';
import type { Series } from './series.js';

/**
 * Useful seconds of one who knows every loss beforehand and saves once, just before it: the sum of max(0, U - S - C). No assumption on how
 * interruptions come; nobody can do better on the same events.
 */
export function oracleSeconds({ upTimes }: Series, world: World): number {
  return upTimes.reduce((sum, upTime) => sum + keptOf(upTime, world), 0);
}

/** When the oracle has done so much, having asked for nodes all the time, and what it paid by then; null where it never has. */
export function oracleFinish(
  { upTimes }: Series,
  world: World,
  work: number,
): { readonly at: number; readonly paid: number } | null {
  let [done, paid] = [0, 0];
  for (const upTime of upTimes) {
    const kept = keptOf(upTime, world);
    if (kept > 0 && done + kept >= work) {
      const last = world.startSeconds + (work - done) + world.stallSeconds;
      return { at: upTime.from + last, paid: paid + last };
    }
    done += kept;
    // It would not hold nodes for nothing.
    paid += kept > 0 ? upTime.until - upTime.from : 0;
  }
  return null;
}

function keptOf({ from, until }: { from: number; until: number }, { startSeconds, stallSeconds }: World): number {
  return Math.max(0, until - from - startSeconds - stallSeconds);
}
