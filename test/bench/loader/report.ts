import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { Samples } from '../harness/samples.js';
import type { Cell } from '../harness/table.js';

/** What loader.py prints. */
export interface Figures {
  /** Sequences a second of one process that trains alone, and of one of 128. */
  readonly alone: number;
  readonly cluster: number;
  /** Milliseconds to the first batch at a sample. */
  readonly seek: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly shards: number;
  /** Seconds to open all shards. */
  readonly opening: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** NVIDIA's BERT-large on an A100 80 GB (DeepLearningExamples, README), sequences a second by length. */
const a100: Readonly<Record<string, number>> = { 128: 580, 512: 210 };

/** The table of the loader, by sequence length, medians of all rounds. */
export function reportOf(outcomes: ReadonlyMap<string, readonly Figures[]>, rounds: number): Report {
  const at = (length: string, value: (figures: Figures) => number) =>
    Samples.of((outcomes.get(length) ?? []).map(value)).percentile(50);
  const heads = [...outcomes.keys()];
  const row = (name: string, value: (figures: Figures, length: string) => number): Cell[] => [
    name,
    ...heads.map((length) => at(length, (figures) => value(figures, length))),
  ];
  const wait = (figures: Figures, length: string) => (100 * (a100[length] ?? NaN)) / figures.alone;
  const speed = at('128', ({ alone }) => alone);
  const first = [...outcomes.values()][0]?.[0];
  return {
    what: `The loader: masks and collates in one process with one thread and no helpers; medians of ${rounds} rounds`,
    versions: { ...machine(), ...first?.versions },
    heads: ['sequence length', ...heads],
    rows: [
      row('sequences/s, one process, batch 256 in micro-batches of 64', ({ alone }) => alone),
      row('sequences/s, one of 128 processes, batch 65,536', ({ cluster }) => cluster),
      row("data wait beside an A100's BERT-large, nothing overlapped, %", wait),
      ...['0', 'N/2', 'N-1'].map((place) => row(`seek to sample ${place}, ms`, ({ seek }) => seek[place] ?? NaN)),
      row('samples of the set', ({ samples }) => samples),
      row('shards', ({ shards }) => shards),
      row('opening all shards, s', ({ opening }) => opening),
    ],
    notes: [
      'The set is the English excerpt, its shards listed 200 times over; their pages lie in memory.',
      'A100: 580 and 210 sequences/s (NVIDIA, DeepLearningExamples), the time of which is set against the time of the loader.',
    ],
    bars: [
      { name: 'sequences/s of 128', value: speed, unit: 'seq/s', must: { atLeast: 1160 } },
      { name: 'sequences/s of 128, target', value: speed, unit: 'seq/s', must: { atLeast: 20_000 } },
      { name: 'data wait at 128', value: at('128', (f) => wait(f, '128')), unit: '%', must: { below: 1 } },
    ],
    line: `loader: ${Math.round(speed).toLocaleString('en-US')} sequences/s of 128, seek to the middle ${at('128', ({ seek }) => seek['N/2'] ?? NaN).toFixed(1)} ms`,
  };
}
