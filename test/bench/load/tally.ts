import type { Asked } from './ask.js';
import type { Listed } from './listing.js';
import type { Fared, Outcome } from './plan.js';

/** Counts what came of the requests that were due in the measured time. */
export class Tally {
  private readonly gets = new Kind();
  private readonly listings = new Kind();
  private readonly pages: Record<number, number> = {};
  private readonly late: number[] = [];
  private incomplete = 0;
  private bytes = 0;

  /** @param from what was due before, on the clock of `performance.now()`, was warm-up and is left out */
  constructor(private readonly from: number) {}

  sent(due: number): void {
    if (due >= this.from) this.late.push(performance.now() - due);
  }

  got(due: number, asked: Asked, bytes: number): void {
    if (due < this.from) return;
    this.bytes += bytes;
    this.gets.count(due, asked);
  }

  listed(due: number, listed: Listed): void {
    if (due < this.from) return;
    this.bytes += listed.bytes;
    this.listings.count(due, listed);
    for (const status of listed.statuses) this.pages[status] = (this.pages[status] ?? 0) + 1;
    if (listed.status === 200 && !listed.isComplete) this.incomplete += 1;
  }

  /** @param elapsed seconds from the first request to the last answer */
  outcome(elapsed: number): Outcome {
    const { pages, incomplete, bytes } = this;
    const sentLate = Float64Array.from(this.late);
    return { gets: this.gets.fared(), listings: this.listings.fared(), pages, incomplete, elapsed, bytes, sentLate };
  }
}

class Kind {
  private readonly latencies: number[] = [];
  private readonly statuses: Record<number, number> = {};
  private withRetryAfter = 0;

  count(due: number, { status, hasRetryAfter }: Asked): void {
    if (status === 200) this.latencies.push(performance.now() - due);
    if (status === 429 && hasRetryAfter) this.withRetryAfter += 1;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }

  fared(): Fared {
    const { latencies, statuses, withRetryAfter } = this;
    return { latencies: Float64Array.from(latencies), statuses, withRetryAfter };
  }
}
