import type { Command } from '../../../domain/commands.js';
import type { RunConfig } from '../../../domain/config.js';
import type { JobEnding } from '../../../domain/endings/names.js';
import { configWith } from '../../domain/samples.js';
import { Invariants } from '../invariants/invariants.js';
import type { Breach, Invariant } from '../invariants/names.js';
import { type Fault, GLOBAL_BATCH, type Schedule } from '../schedule.js';
import { traceOf } from '../trace.js';
import { TwoWriters } from '../world/storage.js';
import { World } from '../world/world.js';
import { Calls } from './calls.js';
import { type Decisions, decisions } from './decisions.js';
import { type Context, newState } from './state.js';
import { type Outcome, receive, runPhase } from './supervisor.js';
import { TimeOver, Worker } from './worker.js';

const DAY_MS = 86_400_000;

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
 * Plays a schedule through the pure decisions on a simulated workspace.
 * @param decide the domain's, unless said otherwise
 * @param callMs how long each call takes
 */
export function play(schedule: Schedule, decide: Decisions = decisions, callMs?: () => number): Played {
  const config = configOf(schedule);
  const worker = new Worker(() => world, giveUpAt(schedule), callMs);
  const world: World = new World(schedule, (fault) => {
    if (fault.kind === 'operator') return receive(context, commandOf(fault, schedule));
    worker.strike(fault);
    // A worker that dies takes no durable timer with it.
    return fault.kind === 'temporal-lost';
  });
  const invariants = new Invariants(world, config, () => worker.downUntil);
  const calls = new Calls(world, decide);
  const { ownsCluster } = schedule;
  const context: Context = {
    ...{ config, world, worker, calls, listener: invariants, ownsCluster },
    ...{ decisions: decide, state: newState('') },
  };
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

const basis = configWith();

export function configOf({ steps, checkpointSeconds, pollSeconds }: Schedule): RunConfig {
  const { watch, checkpoints } = basis;
  return {
    ...basis,
    phases: [{ name: 'p1', steps, globalBatch: GLOBAL_BATCH, microBatch: 64, parameters: {} }],
    checkpoints: { everySeconds: checkpointSeconds, keep: checkpoints.keep },
    watch: { ...watch, pollSeconds },
  };
}

/** Long after the last fault: every limit of a job that is struck last may pass twice. */
export function giveUpAt({ faults, steps, stepSeconds }: Schedule): number {
  const lasts = (fault: Fault) => fault.at + ('seconds' in fault ? fault.seconds : 0);
  const lastFault = Math.max(0, ...faults.map(lasts));
  return (lastFault + 3 * steps * stepSeconds) * 1000 + 8 * DAY_MS;
}

function commandOf(fault: Extract<Fault, { kind: 'operator' }>, { steps }: Schedule): Command {
  const by = { id: `at-${fault.at}`, by: 'operator' };
  const middle = Math.floor(steps / 2) * GLOBAL_BATCH;
  switch (fault.act) {
    case 'set-interval':
      return { ...by, kind: fault.act, seconds: 450, steps: null };
    case 'skip-window':
      return { ...by, kind: fault.act, phase: 'p1', from: middle, to: middle + 7 * GLOBAL_BATCH };
    case 'cancel':
      return { ...by, kind: fault.act, reason: 'no longer wanted' };
    case 'pause':
    case 'resume':
    case 'recover-now':
    case 'wake-up':
      return { ...by, kind: fault.act };
  }
}
