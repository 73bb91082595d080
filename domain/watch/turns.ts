/**
 * Shares so many turns a second among all who take one again and again, however many they are: each hears when its next one comes. Where n take
 * turns and r are given in a second, each has one every n / r seconds; few who ask seldom hardly wait. Nobody is registered, so nobody who goes
 * away is missed. Times are epoch milliseconds.
 */
export class Turns {
  /** Turns that were taken and that time has not paid for yet; with n who wait for their next one it comes to rest at n. */
  private owed = 0;
  private at = -Infinity;

  constructor(readonly perSecond: number) {}

  /** Takes a turn, or so much of one. @returns seconds until the next one of the same asker */
  next(now: number, much = 1): number {
    this.owed = this.wait(now) * this.perSecond + much;
    return this.owed / this.perSecond;
  }

  /** Seconds until everybody has had a turn; takes none. */
  wait(now: number): number {
    const paid = this.at === -Infinity ? 0 : (Math.max(0, now - this.at) / 1000) * this.perSecond;
    this.owed = Math.max(0, this.owed - paid);
    this.at = Math.max(this.at, now);
    return this.owed / this.perSecond;
  }
}
