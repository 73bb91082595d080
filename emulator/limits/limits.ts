import { TokenBucket } from './bucket.js';

/** The kinds of calls that ARM counts apart. POST counts as a write. */
export type Operation = 'reads' | 'writes' | 'deletes';

/** Documented: size of the bucket, and tokens that come back a second. */
const LIMITS: Record<Operation, { size: number; perSecond: number }> = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

/** All principals of a subscription together may do so many times as much as one. */
const TOGETHER = 15;

/** What came of asking for a token. */
export interface Taken {
  granted: boolean;
  /** What is left to the principal, and to all together. */
  left: { own: number; together: number };
  /** Seconds to wait when it was not granted: until the bucket is full again, as the 10 s that people were told for reads. */
  retryAfter: number;
}

/** ARM's limits of a subscription: a bucket for each principal and operation, and one for all principals together. */
export class Limits {
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly counts = new Map<string, { requests: number; throttled: number }>();

  /**
   * @param enforced false counts and never refuses
   * @param now seconds of a clock that never goes back; real ones, for clients wait real ones
   */
  constructor(
    readonly enforced: boolean,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  /** Asks for a token for one call. */
  take(principal: string, operation: Operation): Taken {
    const now = this.now();
    const own = this.bucket(`${operation} ${principal}`, operation, 1);
    const together = this.bucket(operation, operation, TOGETHER);
    const empty = [own, together].find((bucket) => bucket.left(now) < 1);
    const granted = empty === undefined || !this.enforced;
    if (granted) for (const bucket of [own, together]) bucket.take(now);
    this.count(principal, granted);
    const left = { own: own.left(now), together: together.left(now) };
    return { granted, left, retryAfter: empty?.untilFull(now) ?? 0 };
  }

  /** Calls and refusals so far, by principal. */
  state(): object {
    return { enforced: this.enforced, principals: Object.fromEntries(this.counts) };
  }

  private bucket(name: string, operation: Operation, times: number): TokenBucket {
    const { size, perSecond } = LIMITS[operation];
    const found = this.buckets.get(name) ?? new TokenBucket(size * times, perSecond * times, this.now());
    this.buckets.set(name, found);
    return found;
  }

  private count(principal: string, granted: boolean): void {
    const count = this.counts.get(principal) ?? { requests: 0, throttled: 0 };
    count.requests += 1;
    if (!granted) count.throttled += 1;
    this.counts.set(principal, count);
  }
}
