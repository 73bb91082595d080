import { type Breach, Checks, type Invariant } from '../../invariants/names.js';
import type { Happened } from '../drive.js';
import { SCALE } from '../time.js';
import { judgeCheckpoints } from './checkpoints.js';
import { judgeEndings } from './endings.js';
import { judgeJobs } from './jobs.js';

/** Checks what is looked at, at moments of real time; a breach names its moment in seconds of the schedule. */
export interface Judging {
  readonly happened: Happened;
  /** @param at epoch milliseconds */
  check(invariant: Invariant, holds: boolean, what: () => string, at?: number): void;
}

export interface Judged {
  readonly breaches: readonly Breach[];
  readonly counts: ReadonlyMap<Invariant, number>;
  check: Judging['check'];
}

/** Holds the invariants against what really happened: Azure's record of jobs and nodes, the storage, journal and report. */
export function judge(happened: Happened): Judged {
  let moment = happened.until;
  const checks = new Checks(() => (moment - happened.from) * SCALE);
  const check: Judging['check'] = (invariant, holds, what, at = happened.until) => {
    moment = at;
    checks.check(invariant, holds, what);
  };
  const judging = { happened, check };
  const { ended, from, until } = happened;
  check(
    'progress whenever capacity allows',
    ended !== null,
    () => `not over after ${Math.round((until - from) / 1000)} s`,
  );
  judgeJobs(judging);
  judgeCheckpoints(judging);
  judgeEndings(judging);
  return { breaches: checks.breaches, counts: checks.counts, check };
}
