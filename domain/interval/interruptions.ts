import type { Prior } from './prior.js';

/** One start of a trainer, from nodes ready to their loss. */
export interface Exposure {
  readonly seconds: number;
  /** False where it came to a planned end, where it still goes on, or where the loss was announced and the trainer saved in time. */
  readonly interrupted: boolean;
}

/** So many up-times are remembered: a run's state stays small, and older ones hardly count. */
const REMEMBERED = 64;

/** What is remembered after one more, newest last. */
export function remembered(exposures: readonly Exposure[], newest: Exposure): readonly Exposure[] {
  return [...exposures, newest].slice(-REMEMBERED);
}

/** Rates of interruption by age of the up-time: one for each class of `AGES`. Per second. */
export type Rates = readonly number[];

/** Upper ends of the classes of age, seconds; the last class has none. Young nodes are taken far more often than old ones. */
const AGES = [600, 1_200, 2_400, 4_800, 9_600, 19_200, 38_400, Infinity];
/** An interruption counts so much less with each one that came after it: half after 34. */
const KEPT = 0.98;
/** How many interruptions of its own a class of age needs to be believed as much as its neighbour. */
const CLASS_WEIGHT = 2;

/**
 * The rate of interruptions as far as it was seen, by age of the up-time: events over exposure in each class (the piecewise-exponential model
 * of survival analysis), each class drawn towards the one before it and the whole towards the prior by Gamma distributions, so that little
 * evidence moves little.
 */
export function ratesOf(exposures: readonly Exposure[], prior: Prior): Rates {
  const { events, seconds } = countsOf(exposures);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const overall = (prior.weight + sum(events)) / (prior.weight * prior.meanSeconds + sum(seconds));
  return AGES.map((_, age) => {
    return (CLASS_WEIGHT + (events[age] ?? 0)) / (CLASS_WEIGHT / overall + (seconds[age] ?? 0));
  });
}

/** Mean time to the next interruption if its rate stayed as it is at this age, seconds. */
export function meanSecondsAt(rates: Rates, ageSeconds: number): number {
  const age = AGES.findIndex((end) => ageSeconds < end);
  return 1 / (rates[age] ?? rates[rates.length - 1] ?? 1);
}

function countsOf(exposures: readonly Exposure[]): { events: number[]; seconds: number[] } {
  const events = AGES.map(() => 0);
  const seconds = AGES.map(() => 0);
  let weight = 1;
  for (let index = exposures.length - 1; index >= 0; index -= 1) {
    const { seconds: up, interrupted } = exposures[index] as Exposure;
    let begin = 0;
    for (let age = 0; begin < up && age < AGES.length; age += 1) {
      const end = AGES[age] ?? Infinity;
      seconds[age] = (seconds[age] ?? 0) + weight * (Math.min(up, end) - begin);
      if (interrupted && up <= end) events[age] = (events[age] ?? 0) + weight;
      begin = end;
    }
    if (interrupted) weight *= KEPT;
  }
  return { events, seconds };
}
