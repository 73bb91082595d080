import { type RunConfig, worldSize } from '../config.js';
import type { RunReport } from '../report.js';
import { trainerParameters } from '../trainer-config.js';
import type { Measured } from './speed.js';

/**
 * The speed that an earlier run reached, by its report: samples of the steps that were kept, by the seconds that these took.
 * Phases of another name or another sequence length say nothing about this config.
 * @param earlier the config that run had
 * @returns null where no phase says anything
 */
export function measuredByRun(config: RunConfig, earlier: RunConfig, report: RunReport): Measured | null {
  const rates = config.phases.flatMap((phase) => {
    const other = earlier.phases.find(({ name }) => name === phase.name);
    if (other === undefined || lengthOf(earlier, other.name) !== lengthOf(config, phase.name)) return [];
    const attempts = report.phases.find(({ name }) => name === phase.name)?.attempts ?? [];
    const kept = attempts.filter(({ keptStep, seconds }) => keptStep !== null && seconds.useful > 0);
    const steps = kept.reduce((sum, { keptStep, resumedFromStep }) => sum + (keptStep ?? 0) - resumedFromStep, 0);
    const seconds = kept.reduce((sum, attempt) => sum + attempt.seconds.useful, 0);
    return steps > 0 ? [[phase.name, (steps * other.globalBatch) / seconds] as const] : [];
  });
  if (rates.length === 0) return null;
  const { sku, nodes } = earlier.cluster;
  const source = `measured by run ${report.run}, ${worldSize(earlier)} processes`;
  return { sku, nodes, samplesPerSecond: Object.fromEntries(rates), source };
}

function lengthOf(config: RunConfig, name: string): unknown {
  const phase = config.phases.find((one) => one.name === name);
  return phase === undefined ? undefined : trainerParameters(config, phase)['sequenceLength'];
}
