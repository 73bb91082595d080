/** Tokens that a call takes and that come back steadily; as Azure Resource Manager counts, kept on our side. Times are epoch milliseconds. */
export class Bucket {
  private tokens: number;
  private at = -Infinity;

  constructor(
    readonly size: number,
    readonly perSecond: number,
  ) {
    this.tokens = size;
  }

  /** Tokens that are there; below 0 where calls wait for theirs. */
  left(now: number): number {
    if (now > this.at) {
      const earned = this.at === -Infinity ? 0 : ((now - this.at) / 1000) * this.perSecond;
      this.tokens = Math.min(this.size, this.tokens + earned);
      this.at = now;
    }
    return this.tokens;
  }

  /** Takes a token, one that has yet to come where none is there. @returns seconds until it has come */
  take(now: number): number {
    this.tokens = this.left(now) - 1;
    return Math.max(0, -this.tokens / this.perSecond);
  }

  /** Somebody knows better how few are left: others take from the same bucket. Never makes more of them. */
  atMost(tokens: number, now: number): void {
    this.tokens = Math.min(this.left(now), tokens);
  }
}
