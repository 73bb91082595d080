import { GLOBAL_BATCH, type Mishap } from '../schedule.js';
import type { SimJob } from './job.js';
import type { Start } from './start.js';
import type { World } from './world.js';

/** A training goes wrong by itself. @returns whether there was one */
export function mishap({ now }: World, job: SimJob | undefined, what: Mishap): boolean {
  const start = job?.start ?? null;
  if (job?.status !== 'Running' || start?.isTraining(now) !== true) return false;
  job.causes.push(what);
  befall(start, now, what);
  return true;
}

function befall(start: Start, now: number, what: Mishap): void {
  const leave = (seconds: number, exitCode: number) => {
    const words = { reason: what, message: `it was ${what}`, exitCode };
    start.exitSoon(now, seconds, { code: exitCode, words, cause: what });
  };
  switch (what) {
    case 'user-error':
      return leave(1, 3);
    case 'out-of-memory':
      return leave(1, 10);
    case 'lost-peer':
      return leave(5, 1);
    case 'stuck-rank':
      start.stall(now);
      start.stuckAt = now + 57_000;
      return leave(60, 8);
    case 'killed':
      return start.exitSoon(now, 1, { code: 137, words: null, cause: what });
    case 'stall':
      return start.stall(now);
    case 'no-saves':
      return start.saveNothing();
  }
}

/** Steps that a ghost has done since. */
const GHOST_STEPS = 17;

/** Somewhere a process of the last ended job was never killed, and saves what it has done since. @returns whether there was one */
export function ghost({ storage, jobs, schedule, now }: World): boolean {
  const attempt = jobs.filter(({ isOver }) => isOver).at(-1)?.request.attempt;
  const last = storage.checkpoints.filter((one) => one.attempt === attempt && one.wholeAt < Infinity).at(-1);
  if (last === undefined) return false;
  const { incarnation, tainted } = last;
  const own = storage.checkpoints.filter((one) => one.incarnation === incarnation);
  const step = Math.max(...own.map((one) => one.step)) + GHOST_STEPS;
  if (step > schedule.steps) return false;
  const parent = { attempt: last.attempt, incarnation, step: last.step };
  const position = last.position + GHOST_STEPS * GLOBAL_BATCH;
  storage.complete(storage.begin({ attempt: last.attempt, incarnation, step, position, parent, tainted }), now);
  return true;
}
