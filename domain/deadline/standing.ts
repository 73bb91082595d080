import { type Pace, SEEN_SECONDS } from './paces.js';

/** What is needed to say, at each look at a job, whether dedicated nodes alone can still keep the deadline. Small JSON: the watch is given it. */
export interface DeadlineRules {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Steps of the phase that trains, with those of later phases turned into steps of it. */
  readonly steps: number;
  /** Of the checkpoint that the job goes on from. */
  readonly fromStep: number;
  /** Of a step on the dedicated nodes; null where nothing is known. */
  readonly secondsPerStep: number | null;
  /** Seconds of a step there by those of one where the job is. */
  readonly ratio: number;
  /** Starts that are to come, one more, and the margin. */
  readonly overheadSeconds: number;
  /** Training is taken to need so long where nobody knows. */
  readonly unknownSeconds: number;
}

/** How things stand with a deadline. Seconds. */
export interface Standing {
  /** What the run would take from now on if it moved to dedicated nodes at once, with starts and margin. */
  readonly needed: number;
  /** Until the deadline; below 0 behind it. */
  readonly left: number;
}

/** Of the training that is left so much is added, for checkpoints and nodes that are slower than was measured. */
export const SPARE_SHARE = 0.05;

/**
 * @param saved step of the job's newest checkpoint that verified: what it has done since may be lost; null before its first one
 * @param seen its pace as far as it was watched; null or without steps before
 * @param now epoch milliseconds
 */
export function standingOf(rules: DeadlineRules, saved: number | null, seen: Pace | null, now: number): Standing {
  const left = (rules.at - now) / 1000;
  const perStep = perStepOf(rules, seen);
  const steps = Math.max(0, rules.steps - Math.max(saved ?? 0, rules.fromStep));
  const training = perStep === null ? rules.unknownSeconds : steps * perStep;
  return { needed: training * (1 + SPARE_SHARE) + rules.overheadSeconds, left };
}

function perStepOf({ secondsPerStep, ratio }: DeadlineRules, seen: Pace | null): number | null {
  const observed = seen !== null && seen.steps > 0 ? (seen.seconds / seen.steps) * ratio : null;
  if (observed === null || secondsPerStep === null) return observed ?? secondsPerStep;
  return (seen?.seconds ?? 0) >= SEEN_SECONDS ? observed : secondsPerStep;
}

/**
 * The safety net of "Can't Be Late" (Wu et al., NSDI 2024): whatever happens on preemptible nodes up to this moment, dedicated ones finish in
 * time; a moment later they would not.
 */
export const isDue = ({ needed, left }: Standing): boolean => needed >= left;

/** Time that may still be lost, seconds. */
export const slackOf = ({ needed, left }: Standing): number => left - needed;
