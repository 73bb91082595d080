import type { RunConfig } from '../config.js';
import { DEAD_SECONDS, lostSeconds, meanSeconds, stallSeconds } from './assumed.js';
import { optimalIntervalSeconds } from '../interval/optimal.js';
import { goodputAt } from './goodput.js';
import { type Case, type Range, rangeOf } from './range.js';
import { type Measured, stepSeconds } from './speed.js';
import type { PhaseWork } from './work.js';

/** Nodes that a run could have. */
export interface Nodes {
  readonly sku: string;
  readonly nodes: number;
  readonly gpus: number;
  readonly priority: 'low_priority' | 'dedicated';
}

/** How a run would go on some nodes. */
export interface Course {
  /** Hours of training, were nothing ever lost. */
  readonly trainingHours: Range;
  /** Hours from the first submission to the last step. */
  readonly wallHours: Range;
  /** Share of the wall time that is kept training. */
  readonly goodput: Range;
  readonly interruptions: Range;
}

/** Seconds of training between two checkpoints of a phase; of an interval that is chosen, the one that it will come to. @param mean between interruptions, @param stall of a checkpoint, both in seconds */
export function intervalSeconds({ checkpoints }: RunConfig, step: number, mean: number, stall: number): number {
  const { everySeconds, everySteps } = checkpoints;
  if (everySeconds === 'auto') return optimalIntervalSeconds(mean, stall);
  return everySeconds ?? (everySteps ?? 1) * step;
}

/**
 * How the run would go with the checkpoints that its config asks for.
 * @returns null where the speed of a phase is not known
 */
export function courseOf(
  config: RunConfig,
  work: readonly PhaseWork[],
  on: Nodes,
  measured: readonly Measured[],
): Course | null {
  const steps = work.map((phase) => stepSeconds(phase, on, measured));
  const known = steps.filter((step) => step !== null);
  if (known.length < steps.length) return null;
  const mean = meanSeconds(config, on);
  const dead = DEAD_SECONDS[on.priority];
  const training = (one: Case) => sum(work.map(({ steps: count }, index) => count * (known[index]?.[one] ?? 0)));
  const untilDone = (one: Case) =>
    sum(
      work.map((phase, index) => {
        const step = known[index]?.[one] ?? 0;
        const stall = stallSeconds(phase.parameters)[one];
        const lost = lostSeconds(on.priority, phase.parameters)[one];
        const interval = intervalSeconds(config, step, mean[one], stall);
        return (phase.steps * step) / goodputAt(interval, mean[one], stall, lost);
      }),
    );
  // The first attempt of each phase starts as one after an interruption does.
  const wall = (one: Case) => untilDone(one) + work.length * dead[one];
  return {
    trainingHours: rangeOf((one) => training(one) / 3600),
    wallHours: rangeOf((one) => wall(one) / 3600),
    goodput: rangeOf((one) => training(one) / wall(one)),
    interruptions: rangeOf((one) => untilDone(one) / (mean[one] + dead[one])),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
