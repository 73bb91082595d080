import type { Bar } from '../harness/bars.js';
import type { Outcome } from '../load/plan.js';

/** ARM's bucket for reads of a principal, by its documentation. */
export const READS = { burst: 250, perSecond: 25 };

/** What the limits let through and what they refused. */
export interface Limited {
  letThrough: number;
  refused: number;
  refusedWithRetryAfter: number;
  /** What the bucket's arithmetic gives: the burst, and the refill while requests came. */
  expected: number;
}

/** Counts an outcome whose warm-up was none; every page of a listing is a read of its own. */
export function limited({ gets, pages, listings, elapsed }: Outcome): Limited {
  return {
    letThrough: (gets.statuses[200] ?? 0) + (pages[200] ?? 0),
    refused: (gets.statuses[429] ?? 0) + (pages[429] ?? 0),
    refusedWithRetryAfter: gets.withRetryAfter + listings.withRetryAfter,
    expected: READS.burst + READS.perSecond * elapsed,
  };
}

/**
 * The bar on them. The tolerance is two seconds of refill: `elapsed` runs until the last answer rather than the last request,
 * and the bucket has stood full since before the first.
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
