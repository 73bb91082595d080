import type { RunConfig } from '../config.js';
import { goodputBound, optimalIntervalSeconds } from '../interval/optimal.js';
import { lostSeconds, meanSeconds, stallSeconds } from './assumed.js';
import { intervalSeconds } from './course.js';
import { goodputAt } from './goodput.js';
import type { RunForecast } from './schema.js';
import { type Measured, stepSeconds } from './speed.js';
import type { PhaseWork } from './work.js';

/** The checkpoints of the config on its own nodes, beside the best that there could be; all guesses at their typical value. */
export function intervalsOf(
  config: RunConfig,
  work: readonly PhaseWork[],
  measured: readonly Measured[],
): RunForecast['intervals'] {
  const { sku, nodes, processesPerNode, priority } = config.cluster;
  const mean = meanSeconds(config, { priority, nodes, gpus: nodes * processesPerNode }).typical;
  return work.map((phase) => {
    const step = stepSeconds(phase, { sku, nodes }, measured)?.typical ?? null;
    const stall = stallSeconds(phase.parameters).typical;
    const dead = lostSeconds(priority, phase.parameters).typical;
    const seconds =
      step === null && config.checkpoints.everySeconds === undefined
        ? null
        : intervalSeconds(config, step ?? 0, mean, stall);
    return {
      phase: phase.name,
      seconds,
      goodput: seconds === null ? null : goodputAt(seconds, mean, stall, dead),
      optimalSeconds: optimalIntervalSeconds(mean, stall),
      optimalGoodput: goodputBound(mean, stall, dead),
      ...{ meanSeconds: mean, stallSeconds: stall, deadSeconds: dead },
    };
  });
}
