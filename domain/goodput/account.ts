import type { AttemptRecord } from '../attempts.js';
import type { BucketReport, GoodputReport, InterruptionReport } from '../report-goodput.js';
import { BUCKETS, bucketNames, ownerOf } from './buckets.js';
import type { Segment } from './canvas.js';
import { type Interruption, interruptionsOf } from './interruptions.js';
import { savingOf } from './saving.js';
import { type PriceOf, type Sum, type Sums, money, secondsOf, sumsOf, total } from './sums.js';

/** So many interruptions stand in a report, those that cost most: it travels as the result of the workflow too, where 2 MB are the most. */
export const INTERRUPTIONS_REPORTED = 100;

export interface Prices {
  /** Of a node and hour, as the run pays it; null where none is known. */
  readonly run: number | null;
  readonly dedicated: number | null;
}

/** The price of a segment: as its attempt was priced when it was settled; where it was not, the run's. */
export function pricesOf(attempts: readonly AttemptRecord[], run: number | null): PriceOf {
  const own = new Map(attempts.map(({ jobName, pricePerNodeHour }) => [jobName, pricePerNodeHour]));
  return ({ jobName }) => (jobName === null ? null : own.get(jobName)) ?? run;
}

/** Where the time and the money of a run went, in the words of its report. */
export function account(
  segments: readonly Segment[],
  attempts: readonly AttemptRecord[],
  prices: Prices,
): GoodputReport {
  const priceOf = pricesOf(attempts, prices.run);
  const sums = sumsOf(segments, priceOf);
  const all = total(sums);
  const endings = new Map(attempts.map(({ jobName, ending }) => [jobName, ending]));
  const isPlanned = (jobName: string) => endings.get(jobName) === 'completed';
  const found = interruptionsOf(segments, isPlanned);
  const reported = costliest(found);
  return {
    share: shareOf(sums.useful?.ms ?? 0, all.ms),
    buckets: bucketReports(sums, all.ms),
    interruptions: reported.map((one) => interruptionReport(one, endings.get(one.jobName) ?? 'unknown', priceOf)),
    interruptionsLeftOut: found.length - reported.length,
    saving: savingOf(sums.useful?.nodeMs ?? 0, all.price, prices.dedicated),
  };
}

export function bucketReports(sums: Sums, wallMs: number): BucketReport[] {
  return shares(sums).map((one) => {
    const { mlGoodput, sentence } = BUCKETS[one.bucket];
    return { ...one, share: shareOf(sums[one.bucket]?.ms ?? 0, wallMs), mlGoodput, sentence };
  });
}

function shares(sums: Sums) {
  return bucketNames.flatMap((bucket) => {
    const sum: Sum | undefined = sums[bucket];
    if (sum === undefined) return [];
    const { ms, nodeMs, price } = sum;
    return [
      { bucket, seconds: secondsOf(ms), owner: ownerOf(bucket), nodeSeconds: secondsOf(nodeMs), price: money(price) },
    ];
  });
}

function costliest(found: readonly Interruption[]): readonly Interruption[] {
  const length = ({ from, until }: Interruption) => until - from;
  const most = [...found].sort((a, b) => length(b) - length(a)).slice(0, INTERRUPTIONS_REPORTED);
  return most.sort((a, b) => a.from - b.from);
}

function interruptionReport(one: Interruption, ending: string, priceOf: PriceOf): InterruptionReport {
  const sums = sumsOf(one.segments, priceOf);
  const { ms, price } = total(sums);
  return {
    at: new Date(one.from).toISOString(),
    until: new Date(one.until).toISOString(),
    job: one.jobName,
    ending: one.inPlace ? 'restarted-in-place' : ending,
    further: [...one.jobs],
    seconds: secondsOf(ms),
    price: money(price),
    lost: shares(sums),
  };
}

const shareOf = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((1e6 * part) / whole) / 1e6);
