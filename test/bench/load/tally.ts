import type { Asked } from './ask.js';
import type { Listed } from './listing.js';
import type { Fared, Outcome } from './plan.js';

/** Counts what came of the requests that were due in the measured time. */
export class Tally {
  private readonly gets = new Kind();
  private readonly listings = new Kind();
  private readonly pages: Record<number, number> = {};
  private readonly late: number[] = [];
  private lastRefusal: number;
  private bytes = 0;

  /**
   * @param start of all, on the clock of `performance.now()`
   * @param from what was due before was warm-up and is left out
   */
  constructor(
    private readonly start: number,
    private readonly from: number,
  ) {
    this.lastRefusal = start;
  }

  sent(due: number): void {
    if (due >= this.from) this.late.push(performance.now() - due);
  }

  got(due: number, asked: Asked, bytes: number): void {
    if (asked.status === 429) this.lastRefusal = performance.now();
    if (due < this.from) return;
    this.bytes += bytes;
    this.gets.count(due, asked);
  }

  listed(due: number, listed: Listed): void {
    if (listed.status === 429) this.lastRefusal = performance.now();
    if (due < this.from) return;
    this.bytes += listed.bytes;
    this.listings.count(due, listed);
    for (const status of listed.statuses) this.pages[status] = (this.pages[status] ?? 0) + 1;
  }

  outcome(): Outcome {
    const { pages, bytes, start } = this;
    return {
      gets: this.gets.fared(),
      listings: this.listings.fared(),
      pages,
      elapsed: (performance.now() - start) / 1000,
      lastRefusal: (this.lastRefusal - start) / 1000,
      bytes,
      sentLate: Float64Array.from(this.late),
    };
  }
}

class Kind {
  private readonly latencies: number[] = [];
  private readonly statuses: Record<number, number> = {};
  private readonly failures: Record<string, number> = {};
  private withRetryAfter = 0;

  count(due: number, { status, hasRetryAfter, failure }: Asked): void {
    if (failure !== null) this.failures[failure] = (this.failures[failure] ?? 0) + 1;
    else if (status === 200) this.latencies.push(performance.now() - due);
    if (status === 429 && hasRetryAfter) this.withRetryAfter += 1;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }

  fared(): Fared {
    const { latencies, statuses, failures, withRetryAfter } = this;
    return { latencies: Float64Array.from(latencies), statuses, failures, withRetryAfter };
  }
}
