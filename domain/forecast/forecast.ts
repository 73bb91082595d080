import type { RunConfig } from '../config.js';
import type { CoreUsage } from '../quota.js';
import { retiredSku } from '../skus.js';
import { unkeepable } from '../deadline/unkeepable.js';
import { assumptionsOf } from './assumptions.js';
import type { ForecastFacts } from './facts.js';
import { nodeKind } from './hardware.js';
import { intervalsOf } from './intervals.js';
import { optionsOf } from './options.js';
import type { ForecastOption, RunForecast } from './schema.js';
import { measuredByConfig, stepSeconds } from './speed.js';
import { type PhaseWork, workOf } from './work.js';

/** What a run will ask for, how long it will take and what it will cost, as far as that can be known before it starts. */
export function forecastRun(config: RunConfig, read: ForecastFacts): RunForecast {
  const byConfig = measuredByConfig(config);
  const facts = byConfig === null ? read : { ...read, measured: [byConfig, ...read.measured] };
  const work = workOf(config);
  const options = optionsOf(config, work, facts);
  return {
    format: 'bertha-plan/1',
    run: config.name,
    region: facts.region,
    phases: work.map(phaseRow),
    intervals: intervalsOf(config, work, facts.measured),
    quota: facts.usages === null ? null : poolsOf(config, facts),
    options,
    assumptions: assumptionsOf(config, work, facts.measured),
    warnings: [
      ...warningsOf(config),
      ...(unkeepable(config) === null ? [] : [`${unkeepable(config)}`]),
      ...budgetWarnings(config, options[0]),
    ],
    missing: [...facts.missing, ...unknownSpeed(config, work, facts)],
  };
}

function phaseRow(work: PhaseWork): RunForecast['phases'][number] {
  const { name, sequenceLength, steps, globalBatch, samples, tokens, flopsPerSample } = work;
  const exaflop = flopsPerSample === null ? null : (samples * flopsPerSample) / 1e18;
  return { name, sequenceLength, steps, globalBatch, samples, tokens, exaflop };
}

/** Both tiers of the config's size: moving from one to the other needs the quota of the other. */
function poolsOf({ cluster }: RunConfig, { sizes, usages }: ForecastFacts): RunForecast['quota'] {
  const family = sizes?.find(({ name }) => name.toLowerCase() === cluster.sku.toLowerCase())?.family.toLowerCase();
  const isOurs = ({ scope, family: of }: CoreUsage) =>
    scope === 'regional-low-priority' ||
    scope === 'regional-dedicated' ||
    (scope === 'family-dedicated' && of === family);
  return (usages ?? []).filter(isOurs).map(({ label, scope, family: of, inUse, limit }) => ({
    label,
    scope,
    family: of,
    inUse,
    limit,
    left: limit - inUse,
  }));
}

function warningsOf({ cluster, trainer }: RunConfig): string[] {
  const retired = retiredSku(cluster.sku);
  const kind = nodeKind(cluster.sku);
  const wrongCount = kind !== null && kind.gpus !== cluster.processesPerNode;
  const noBfloat16 = kind?.gpu.bfloat16 === false && trainer.parameters['precision'] === 'bfloat16';
  return [
    ...(retired === null ? [] : [`cluster.sku: ${retired}`]),
    ...(wrongCount
      ? [`cluster.processesPerNode is ${cluster.processesPerNode}, but ${kind.sku} has ${kind.gpus} GPUs`]
      : []),
    ...(noBfloat16
      ? [`trainer.parameters.precision is bfloat16, which ${kind.gpu.name} computes slowly; say float16`]
      : []),
  ];
}

/** Only what is measured in the same currency can be compared. */
function budgetWarnings({ cost }: RunConfig, own: ForecastOption | undefined): string[] {
  const budget = cost?.budget;
  if (budget === undefined || own === undefined || own.total === null || own.currency !== cost?.currency) return [];
  const { best, typical, worst } = own.total;
  if (budget >= worst) return [];
  const range = `${Math.round(typical)} ${own.currency} (${Math.round(best)} to ${Math.round(worst)})`;
  if (budget < best) return [`cost.budget ${budget} is less than the run would cost even in the best case: ${range}`];
  const chance = budget < typical ? 'is less than what is expected' : 'may not be enough';
  return [`cost.budget ${budget} ${chance}: ${range}`];
}

function unknownSpeed(config: RunConfig, work: readonly PhaseWork[], { measured }: ForecastFacts): string[] {
  const { sku, nodes } = config.cluster;
  const phases = work.filter((phase) => stepSeconds(phase, { sku, nodes }, measured) === null).map(({ name }) => name);
  if (phases.length === 0) return [];
  const why =
    nodeKind(sku) === null
      ? `${sku} is no GPU size that is known here`
      : `recipe ${config.trainer.recipe} does not tell the size of its model`;
  return [
    `no hours and no total: ${why}, so the speed of ${phases.join(', ')} cannot be estimated; say forecast.samplesPerSecond in the config, or --after RUN of an earlier run`,
  ];
}
