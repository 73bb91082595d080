/** A token bucket: it holds at most so many tokens, a call takes one, and it refills steadily. */
export class TokenBucket {
  private tokens: number;
  private at: number;

  /** @param now seconds of any clock that never goes back */
  constructor(
    readonly size: number,
    readonly perSecond: number,
    now: number,
  ) {
    this.tokens = size;
    this.at = now;
  }

  /** Whole tokens that are left. */
  left(now: number): number {
    this.refill(now);
    return Math.floor(this.tokens);
  }

  /** Takes a token. @returns false when there is none */
  take(now: number): boolean {
    this.refill(now);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** Seconds until it is full again, in whole ones. */
  untilFull(now: number): number {
    this.refill(now);
    return Math.ceil((this.size - this.tokens) / this.perSecond);
  }

  private refill(now: number): void {
    const earned = Math.max(0, now - this.at) * this.perSecond;
    this.tokens = Math.min(this.size, this.tokens + earned);
    this.at = Math.max(this.at, now);
  }
}
