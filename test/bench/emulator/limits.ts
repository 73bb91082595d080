import type { Bar } from '../harness/bars.js';
import type { Outcome } from '../load/plan.js';

/** ARM's bucket for reads of a principal, by its documentation. */
export const READS = { burst: 250, perSecond: 25 };

/** What the limits let through and what they refused. */
export interface Limited {
  letThrough: number;
  refused: number;
  refusedWithRetryAfter: number;
  /** What the bucket's arithmetic gives: the burst, and the refill until the last refusal. */
  expected: number;
}

/** Counts an outcome whose warm-up was none; every page of a listing is a read of its own. */
export function limited({ gets, pages, listings, lastRefusal }: Outcome): Limited {
  return {
    letThrough: (gets.statuses[200] ?? 0) + (pages[200] ?? 0),
    refused: (gets.statuses[429] ?? 0) + (pages[429] ?? 0),
    refusedWithRetryAfter: gets.withRetryAfter + listings.withRetryAfter,
    expected: READS.burst + READS.perSecond * lastRefusal,
  };
}

/**
 * The bar on them. The bucket is empty whenever it refuses, so until the last refusal just what it held and what came back was
 * let through. The tolerance is two seconds of refill: for what was let through after that, and for the time on the way.
 */
export function limitBars({ letThrough, expected }: Limited): Bar[] {
  return [
    {
      name: 'reads let through by the limits',
      value: letThrough,
      unit: 'requests',
      must: { be: expected, tolerance: 2 * READS.perSecond },
    },
  ];
}
