import type { RunConfig } from '../config.js';
import type { DeadlineRules } from '../deadline/standing.js';
import { secondsOf } from '../interval/of-run.js';
import type { StatusClass } from './status.js';

/** What can take too long. `dwell` limits are about Azure's states, the others about the trainer. */
export type LimitName =
  | 'queued'
  | 'preparing'
  | 'finalizing'
  | 'notResponding'
  | 'stopping'
  /** Running, and no first heartbeat of this start. */
  | 'start'
  /** The heartbeat stands still. */
  | 'silent'
  /** The step stands still while training, though the heartbeat goes on. */
  | 'stalled'
  /** No new valid checkpoint. */
  | 'checkpoint'
  /** Restarted in place behind the newest valid checkpoint: so many seconds of training would be done again. */
  | 'behind'
  /** Nodes are held, and the run's budget pays for no more of it. */
  | 'budget'
  /** Not on dedicated nodes, and only those can still keep the run's deadline: what they need, against what is left. */
  | 'deadline';

/** A rung of a limit's ladder: what is done when this share of the limit has passed. */
export interface Rung {
  readonly share: number;
  readonly do:
    /** Say so; nothing else changes. */
    | 'alert'
    /** Ask the trainer for a checkpoint, through control.json. */
    | 'request-checkpoint'
    /** End the job, prove its end (`domain/proof.ts`, which has the rungs below), submit the next attempt. */
    | 'restart';
}

const alertAtHalf: readonly Rung[] = [
  { share: 0.5, do: 'alert' },
  { share: 1, do: 'restart' },
];
const askAtHalf: readonly Rung[] = [
  { share: 0.5, do: 'alert' },
  { share: 0.5, do: 'request-checkpoint' },
  { share: 1, do: 'restart' },
];

/** Every limit's ladder, lowest rung first. A ladder begins anew when what it is about moves again. */
export const ladders = {
  // Going back to the end of the queue helps only against a queue that has forgotten the job: late.
  queued: [
    { share: 0.25, do: 'alert' },
    { share: 1, do: 'restart' },
  ],
  preparing: alertAtHalf,
  finalizing: alertAtHalf,
  notResponding: alertAtHalf,
  stopping: alertAtHalf,
  start: alertAtHalf,
  silent: alertAtHalf,
  stalled: askAtHalf,
  checkpoint: askAtHalf,
  behind: [{ share: 1, do: 'restart' }],
  // What is told at half of the budget is told of the whole run, not of a job.
  budget: [{ share: 1, do: 'restart' }],
  deadline: [{ share: 1, do: 'restart' }],
} as const satisfies Record<LimitName, readonly Rung[]>;

/** Which limit holds while a job is in a state; the trainer's own limits hold while it runs. */
export const dwellLimit: Partial<Record<StatusClass, LimitName>> = {
  waiting: 'queued',
  preparing: 'preparing',
  finalizing: 'finalizing',
  notResponding: 'notResponding',
  stopping: 'stopping',
};

/** What `judge` goes by; made once per watch from the config, and from the interval that an operator may have set. */
export interface WatchRules {
  readonly pollSeconds: number;
  readonly limits: RunConfig['watch']['limits'];
  /** How long a job may take to end after a cancel. */
  readonly stoppingSeconds: number;
  /** Checkpoint interval, in seconds or in steps; both null where neither is known. */
  readonly everySeconds: number | null;
  readonly everySteps: number | null;
  /** The job may hold its nodes so long; absent or null: as long as it takes. */
  readonly affordableSeconds?: number | null;
  /** Absent or null: there is none, or the job is where it would lead. */
  readonly deadline?: DeadlineRules | null;
  /** When it has held them so long, a person is to hear what is spent; absent or null: nothing is to be told. */
  readonly tellAtSeconds?: number | null;
}

/**
 * @param interval an operator's interval in place of the config's; null for the config's
 * @param affordableSeconds the job may hold its nodes so long; null: as long as it takes
 * @param chosenSeconds the interval that the attempt began with where the config leaves it to be chosen
 * @param deadline null where there is none, or the job is where it would lead
 */
export function watchRules(
  config: RunConfig,
  interval: { readonly seconds: number | null; readonly steps: number | null } | null = null,
  affordableSeconds: number | null = null,
  chosenSeconds: number | null = null,
  deadline: DeadlineRules | null = null,
): WatchRules {
  const { checkpoints, watch, stopping } = config;
  return {
    pollSeconds: watch.pollSeconds,
    limits: watch.limits,
    stoppingSeconds: stopping.graceSeconds,
    everySeconds: interval === null ? secondsOf(config, chosenSeconds) : interval.seconds,
    everySteps: interval === null ? (checkpoints.everySteps ?? null) : interval.steps,
    affordableSeconds,
    deadline,
  };
}

/**
 * A limit in seconds; null where it cannot be said yet: an interval in steps needs the pace of the training.
 * @param secondsPerStep as observed; null before
 * @param at of the look, epoch milliseconds
 */
export function limitSeconds(
  limit: LimitName,
  rules: WatchRules,
  secondsPerStep: number | null,
  at: number,
): number | null {
  const { limits } = rules;
  if (limit === 'checkpoint') {
    const interval = rules.everySeconds ?? bySteps(rules.everySteps, secondsPerStep);
    return interval === null ? null : Math.max(interval * limits.checkpointIntervals, limits.checkpointFloorSeconds);
  }
  const plain = {
    queued: limits.queuedSeconds,
    preparing: limits.preparingSeconds,
    finalizing: limits.finalizingSeconds,
    notResponding: limits.notRespondingSeconds,
    stopping: rules.stoppingSeconds,
    start: limits.startSeconds,
    silent: limits.silentSeconds,
    stalled: limits.stalledSeconds,
    behind: limits.redoSeconds,
    budget: rules.affordableSeconds ?? null,
    deadline: rules.deadline ? (rules.deadline.at - at) / 1000 : null,
  };
  return plain[limit];
}

const bySteps = (steps: number | null, secondsPerStep: number | null) =>
  steps === null || secondsPerStep === null ? null : steps * secondsPerStep;
