import { alternately } from '../harness/alternate.js';
import { Samples } from '../harness/samples.js';
import { measured } from '../loader/python.js';
import { measureJob } from './job.js';

/** Sequences a second of our trainer and of what it is measured against. */
export interface Pair {
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  /** Ours over theirs, the median of the pairs' own ratios. */
  readonly ratio: number;
  /** Ours without determinism; NaN where that was not measured. */
  readonly free: number;
  readonly bar: number;
}

interface Compared {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly free: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
}

const full = [
  { shape: 'base', length: 128, bar: 1.1 },
  { shape: 'base', length: 512, bar: 1.1 },
  { shape: 'small', length: 128, bar: 1.5 },
  { shape: 'small', length: 512, bar: 1.5 },
] as const;

/** Full-length samples: the arithmetic alone. */
export async function measureFull(
  rounds: number,
): Promise<{ pairs: Pair[]; versions: Readonly<Record<string, string>> }> {
  const pairs: Pair[] = [];
  let versions = {};
  for (const { shape, length, bar } of full) {
    const found = await compared(shape, length, rounds);
    pairs.push(pairOf(`BERT-${shape}, full length ${length}`, found, bar));
    ({ versions } = found);
  }
  return { pairs, versions };
}

/** The corpus's own lengths: ours sorted into batches of like lengths, theirs padded to the longest there may be. */
export async function measureMix(rounds: number, data: string): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const { shape, length } of full.filter((one) => one.length === 128))
    pairs.push(pairOf(`BERT-${shape}, real lengths to ${length}`, await compared(shape, length, rounds, data), 1.3));
  return pairs;
}

/** Two processes against twice one, all of one thread. */
export async function measureRanks(rounds: number, data: string): Promise<Pair[]> {
  const base = { shape: 'base', length: 128, batch: 16, micro: 4, steps: 2, data: '-', bar: 0.9 };
  const demo = { shape: 'small', length: 32, batch: 32, micro: 32, steps: 60, data, bar: 0.85 };
  const pairs: Pair[] = [];
  for (const job of [base, demo]) {
    const sides = [2, 1].map((processes) => ({ name: String(processes), measure: () => measureJob(job, processes) }));
    const found = await alternately(rounds, sides);
    const [ours, one] = [found.get('2') ?? [], found.get('1') ?? []];
    const twice = one.map((rate) => 2 * rate);
    const name = `BERT-${job.shape}, 2 processes / 2 x one, ${job.length} tokens, accumulation ${job.batch / job.micro}`;
    pairs.push(pairOf(name, { ours, theirs: twice, free: [] }, job.bar));
  }
  return pairs;
}

async function compared(shape: string, length: number, rounds: number, data?: string): Promise<Compared> {
  const args = [shape, String(length), String(rounds), ...(data === undefined ? [] : [data])];
  return measured<Compared>(['payload', 'compare.py'], args);
}

function pairOf(name: string, { ours, theirs, free }: Omit<Compared, 'versions'>, bar: number): Pair {
  const median = (values: readonly number[]) => Samples.of(values).percentile(50);
  const ratios = ours.map((rate, round) => rate / (theirs[round] ?? NaN));
  return { name, ours: median(ours), theirs: median(theirs), ratio: median(ratios), free: median(free), bar };
}
