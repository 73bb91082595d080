import { type Exposure, meanSecondsAt, ratesOf } from './interruptions.js';
import { clearlyBest } from './lookahead.js';
import type { Prior } from './prior.js';
import { stallSeconds } from './stall.js';

/** What is known when an interval is chosen: before an attempt, and at every look while it runs. */
export interface IntervalFacts {
  /** Starts of a trainer that are over, oldest first; the newest few dozen are enough. */
  readonly exposures: readonly Exposure[];
  /**
   * How long the nodes of the running attempt had been up when its newest checkpoint was written, or training began; 0 before an attempt. The
   * interval is for the cycle that began then, and stays as it is until the next checkpoint.
   */
  readonly upSeconds: number;
  /** Measured training stalls of checkpoints, seconds. */
  readonly stalls: readonly number[];
  readonly prior: Prior;
}

export interface IntervalBounds {
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
}

export interface ChosenInterval {
  readonly seconds: number;
  /** Mean time to the next interruption that it was chosen for. */
  readonly meanSeconds: number;
  readonly stallSeconds: number;
  /** For the journal. */
  readonly because: string;
}

/** The interval that keeps most training, as far as is known. The up-time so far counts, as an exposure that is not over. */
export function chooseInterval(facts: IntervalFacts, bounds: IntervalBounds): ChosenInterval {
  const { exposures, upSeconds, stalls, prior } = facts;
  const seen = upSeconds > 0 ? [...exposures, { seconds: upSeconds, interrupted: false }] : exposures;
  const meanSeconds = meanSecondsAt(ratesOf(seen, prior), upSeconds);
  const stall = stallSeconds(stalls);
  const best = clearlyBest({ exposures, upSeconds, meanSeconds, stallSeconds: stall });
  const seconds = Math.round(Math.min(Math.max(best, bounds.shortestSeconds), bounds.longestSeconds));
  return { seconds, meanSeconds, stallSeconds: stall, because: reason(facts, meanSeconds, stall) };
}

/** Interval that differs by less than this share cost nothing that could be measured: at 20 % off the optimum, 0.02 of what checkpoints cost. */
const WORTH_SHARE = 0.2;

/** Whether a running trainer is told of a new interval: each message is a write that must be acknowledged. */
export function worthTelling(beforeSeconds: number, afterSeconds: number): boolean {
  return Math.abs(afterSeconds - beforeSeconds) > WORTH_SHARE * beforeSeconds;
}

function reason({ exposures, upSeconds }: IntervalFacts, meanSeconds: number, stall: number): string {
  const count = exposures.filter(({ interrupted }) => interrupted).length;
  const seen = count === 1 ? '1 interruption' : `${count} interruptions`;
  const age = upSeconds > 0 ? `nodes up for ${duration(upSeconds)}` : 'fresh nodes';
  return `${seen} seen, ${age}: the next one is expected in ${duration(meanSeconds)}; a checkpoint costs ${stall.toFixed(1)} s`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
