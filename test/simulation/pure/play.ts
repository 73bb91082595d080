import type { JobEnding } from '../../../domain/endings/names.js';
import type { Invariants } from '../invariants/invariants.js';
import type { Breach, Invariant } from '../invariants/names.js';
import type { Schedule } from '../schedule.js';
import { traceOf } from '../trace.js';
import { TwoWriters } from '../world/storage.js';
import { playLeftAlone } from './alone.js';
import { type Decisions, decisions } from './decisions.js';
import { stage } from './stage.js';
import type { Context } from './state.js';
import { type Outcome, runPhase } from './supervisor.js';
import { TimeOver } from './worker.js';

/** What became of a schedule. */
export interface Played {
  /** A line on this play, for who reads along; absent where there is nothing to say. */
  readonly note?: string;
  readonly seed: number;
  readonly outcome: Outcome['outcome'] | 'not over';
  readonly because: string | null;
  readonly attempts: number;
  /** Of the attempts that were settled, in the order of the journal. */
  readonly endings: readonly JobEnding[];
  readonly virtualHours: number;
  /** Faults that found what they strike, by kind and, of some, by how (`preempt failed`). */
  readonly struck: ReadonlyMap<string, number>;
  readonly breaches: readonly Breach[];
  readonly checks: ReadonlyMap<Invariant, number>;
  /** Seconds from the end of a preempted job to the next submission, beyond one poll interval; empty where a layer does not measure it. */
  readonly delays: readonly number[];
  /** Seconds from the end of a job whose heartbeat had told of the preemption to the next submission. */
  readonly noticeDelays: readonly number[];
  /** What two layers that play the same schedule must agree on. */
  readonly trace: readonly string[];
}

/**
 * Plays a schedule through the pure decisions on a simulated workspace; one that names a time for it once more, left alone from then on.
 * @param decide the domain's, unless said otherwise
 * @param callMs how long each call takes
 */
export function play(schedule: Schedule, decide: Decisions = decisions, callMs?: () => number): Played {
  const played = playSupervised(schedule, decide, callMs);
  const { money } = schedule;
  if (money === null || money === undefined) return played;
  const { breaches, counts } = playLeftAlone(schedule, money, decide);
  return { ...played, breaches: [...played.breaches, ...breaches], checks: new Map([...played.checks, ...counts]) };
}

/** With somebody who supervises it to its end. */
export function playSupervised(schedule: Schedule, decide: Decisions = decisions, callMs?: () => number): Played {
  const context = stage(schedule, decide, { callMs });
  const { world, invariants } = context;
  const outcome = runOrNull(context, invariants);
  invariants.over(outcome);
  return {
    seed: schedule.seed,
    outcome: outcome?.outcome ?? 'not over',
    because: outcome?.failure?.reason ?? null,
    attempts: world.jobs.length,
    endings: world.storage.records().map(({ ending }) => ending),
    virtualHours: world.now / 3_600_000,
    struck: world.struck,
    breaches: invariants.checks.breaches,
    checks: invariants.checks.counts,
    delays: invariants.delays.beyondPoll,
    noticeDelays: invariants.delays.afterNotice,
    trace: traceOf(outcome, world.storage.records()),
  };
}

/** A schedule whose player fell over. */
export function threw({ seed }: Schedule, error: unknown): Played {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    ...{ seed, outcome: 'not over', because: null, attempts: 0, endings: [], virtualHours: 0, struck: new Map() },
    breaches: [{ invariant: 'progress whenever capacity allows', at: 0, what: `the player fell over: ${what}` }],
    ...{ checks: new Map(), delays: [], noticeDelays: [], trace: [] },
  };
}

function runOrNull(context: Context, invariants: Invariants): Outcome | null {
  try {
    return runPhase(context);
  } catch (error) {
    if (error instanceof TimeOver) return null;
    if (!(error instanceof TwoWriters)) throw error;
    invariants.checks.check('never two writers', false, () => error.message);
    return null;
  }
}
