/** A stretch of time in which enough nodes are there. Seconds since the series began. */
export interface UpTime {
  readonly from: number;
  readonly until: number;
  /** True where nodes were taken away, false where the series ends. */
  readonly interrupted: boolean;
}

/** Events that every policy meets alike. */
export interface Series {
  readonly source: string;
  readonly name: string;
  /** Nodes that are held together; one lost node interrupts them all. */
  readonly nodes: number;
  readonly upTimes: readonly UpTime[];
  /** Seconds. */
  readonly length: number;
}

/** Up-times of a recording: ticks in a row with at least `nodes` available. */
export function upTimesOf(available: readonly number[], tickSeconds: number, nodes: number): UpTime[] {
  const found: UpTime[] = [];
  let from: number | null = null;
  for (const [tick, count] of available.entries()) {
    const isUp = count >= nodes;
    if (isUp && from === null) from = tick;
    if (!isUp && from !== null) {
      found.push({ from: from * tickSeconds, until: tick * tickSeconds, interrupted: true });
      from = null;
    }
  }
  if (from !== null)
    found.push({ from: from * tickSeconds, until: available.length * tickSeconds, interrupted: false });
  return found;
}

/** Why a series says nothing about a policy; null where it does. */
export function unscored({ upTimes }: Series): string | null {
  if (upTimes.length === 0) return 'no up-time';
  return upTimes.some(({ interrupted }) => interrupted) ? null : 'no interruption';
}

/** Mean up-time per interruption, seconds: what only hindsight knows. */
export function meanUpSeconds({ upTimes }: Series): number {
  const up = upTimes.reduce((sum, { from, until }) => sum + until - from, 0);
  return up / Math.max(1, upTimes.filter(({ interrupted }) => interrupted).length);
}
