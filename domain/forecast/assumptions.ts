import type { RunConfig } from '../config.js';
import { DEAD_SECONDS, evictionsPerNodeHour, stallSeconds, writingSeconds } from './assumed.js';
import { type NodeKind, SINGLE_UTILISATION, nodeKind } from './hardware.js';
import type { Range } from './range.js';
import type { Assumption } from './schema.js';
import type { Measured } from './speed.js';
import type { PhaseWork } from './work.js';

/** What the numbers rest on, each with where it comes from: docs/plan.md tells them at length. */
export function assumptionsOf(
  config: RunConfig,
  work: readonly PhaseWork[],
  measured: readonly Measured[],
): Assumption[] {
  const kind = nodeKind(config.cluster.sku);
  const parameters = work.at(-1)?.parameters ?? null;
  const isMeasured = work.every(({ name }) => measured.some((one) => one.samplesPerSecond[name] !== undefined));
  const isEstimated = work.some(({ flopsPerSample }) => flopsPerSample !== null);
  return [
    ...measured.map(measuredSpeed),
    ...(isMeasured || !isEstimated || kind === null ? [] : [peak(kind, work), utilisation(kind, work)]),
    ...interruptions(config),
    {
      what: 'dead time of an interruption',
      value: between(DEAD_SECONDS[config.cluster.priority], 's'),
      source: `a guess: ${config.watch.pollSeconds} s poll, submission, waiting for nodes, image, mounts, restore`,
    },
    {
      what: 'training that a checkpoint costs',
      value: between(stallSeconds(parameters), 's'),
      source: '12 bytes a weight, copied to memory of the host at 0.5 to 10 GB/s',
    },
    ...(parameters === null
      ? []
      : [
          {
            what: 'until a copy is written',
            value: between(writingSeconds(parameters), 's'),
            source:
              'beside training, at 0.2 to 0.8 GB/s (0.34 to 0.7 measured on 2 cores); an interruption meanwhile goes back to the checkpoint before',
          },
        ]),
    {
      what: 'what is paid',
      value: 'all nodes for all of the wall time, at list price',
      source:
        'an upper bound: nodes that Azure has not given are not billed; storage, traffic and contracts are left out',
    },
  ];
}

function measuredSpeed({ samplesPerSecond, sku, nodes, source }: Measured): Assumption {
  const rates = Object.entries(samplesPerSecond).map(([phase, rate]) => `${phase} ${rate.toFixed(0)} samples/s`);
  return { what: `speed on ${nodes} x ${sku}`, value: rates.join(', '), source };
}

const isHalf = (work: readonly PhaseWork[]) => work[0]?.precision !== 'float32';

function peak({ gpu }: NodeKind, work: readonly PhaseWork[]): Assumption {
  const value = (isHalf(work) ? gpu.halfPeak : gpu.singlePeak) / 1e12;
  return {
    what: `peak of ${gpu.name}`,
    value: `${value} TFLOP/s in ${isHalf(work) ? 'half precision' : 'float32'}`,
    source: "NVIDIA's data sheet, without sparsity",
  };
}

function utilisation({ gpu }: NodeKind, work: readonly PhaseWork[]): Assumption {
  const half = isHalf(work);
  const share = half ? gpu.utilisation : SINGLE_UTILISATION;
  return {
    what: 'share of the peak that training gets',
    value: between({ best: share.best * 100, typical: share.typical * 100, worst: share.worst * 100 }, '%'),
    source: half
      ? 'published BERT-large: V100 42 to 61 % (DeepSpeed, NVIDIA), 32 % (HuggingFace), A100 45 to 69 % (NVIDIA); H100 and T4 guessed'
      : 'a guess',
  };
}

function interruptions(config: RunConfig): Assumption[] {
  const failures = {
    what: 'failures',
    value: '1 a GPU in 8,090 h',
    source: 'Meta, arXiv 2410.21680: 7.9 h among 1,024 GPUs',
  };
  if (config.cluster.priority === 'dedicated') return [failures];
  const given = config.forecast?.evictionsPerNodeHour !== undefined;
  return [
    {
      what: 'evictions of a low-priority node',
      value: given
        ? `${evictionsPerNodeHour(config).typical} an hour`
        : between(evictionsPerNodeHour(config), 'an hour'),
      source: given
        ? 'forecast.evictionsPerNodeHour of the config'
        : 'a guess: Azure tells rates an hour in bands of 5 points (portal, Spot pricing history); nodes go one by one',
    },
    failures,
  ];
}

function between({ best, typical, worst }: Range, unit: string): string {
  const number = (value: number) => String(Number(value.toPrecision(2)));
  const [low, high] = [number(Math.min(best, worst)), number(Math.max(best, worst))];
  return low === high ? `${low} ${unit}` : `${number(typical)} ${unit} (${low} to ${high})`;
}
