import { type Bucket, bucketNames } from './buckets.js';
import type { Segment } from './canvas.js';

/** What a bucket comes to. Whole milliseconds, so that sums are exact. */
export interface Sum {
  readonly ms: number;
  /** Milliseconds of nodes that were paid for. */
  readonly nodeMs: number;
  /** What those cost; null where no price is known. */
  readonly price: number | null;
}
export type Sums = Readonly<Partial<Record<Bucket, Sum>>>;

/** Price of one node and hour; null where none is known. */
export type PriceOf = (segment: Segment) => number | null;

const NOTHING: Sum = { ms: 0, nodeMs: 0, price: 0 };

export function sumsOf(segments: readonly Segment[], priceOf: PriceOf): Sums {
  const sums: Partial<Record<Bucket, Sum>> = {};
  for (const segment of segments) {
    const ms = segment.until - segment.from;
    const nodeMs = ms * segment.nodes;
    const rate = nodeMs === 0 ? 0 : priceOf(segment);
    const price = rate === null ? null : (nodeMs / 3_600_000) * rate;
    sums[segment.bucket] = plus(sums[segment.bucket] ?? NOTHING, { ms, nodeMs, price });
  }
  return sums;
}

/** Two sums made one, bucket by bucket. */
export function added(one: Sums, other: Sums): Sums {
  const names = bucketNames.filter((name) => one[name] !== undefined || other[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, plus(one[name] ?? NOTHING, other[name] ?? NOTHING)]));
}

/** All buckets together. */
export const total = (sums: Sums): Sum => Object.values(sums).reduce(plus, NOTHING);

function plus(one: Sum, other: Sum): Sum {
  const price = one.price === null || other.price === null ? null : one.price + other.price;
  return { ms: one.ms + other.ms, nodeMs: one.nodeMs + other.nodeMs, price };
}

export const secondsOf = (ms: number): number => ms / 1000;

/** Rounded to 1/10,000 of the currency. */
export const money = (price: number | null): number | null => (price === null ? null : Math.round(price * 1e4) / 1e4);
