import type { Bucket } from './buckets.js';

/** A stretch of a run's time in one bucket; epoch milliseconds, `until` not included. */
export interface Segment {
  readonly from: number;
  readonly until: number;
  readonly bucket: Bucket;
  /** The attempt whose time it is; null between attempts. */
  readonly jobName: string | null;
  /** Nodes that are paid for meanwhile. */
  readonly nodes: number;
}

/**
 * The time of a run, painted over: it begins as one unexplained segment, and every coat puts other segments in the place of what lies beneath.
 * So whatever the clocks of nodes, Azure and workers say, the segments never overlap and cover the run to the millisecond.
 */
export class Canvas {
  private list: Segment[];

  constructor(from: number, until: number) {
    const whole = { from: Math.round(from), until: Math.round(until) };
    this.list = whole.until > whole.from ? [{ ...whole, bucket: 'unexplained', jobName: null, nodes: 0 }] : [];
  }

  /** Puts a segment in the place of whatever lies beneath. */
  paint(segment: Segment): void {
    this.replace(segment.from, segment.until, () => segment);
  }

  /** Gives another bucket to what lies beneath, where that is in one of `over`; whose time it is and what it costs stay. */
  rename(from: number, until: number, bucket: Bucket, over: ReadonlySet<Bucket>): void {
    this.replace(from, until, (beneath) => (over.has(beneath.bucket) ? { ...beneath, bucket } : beneath));
  }

  /** In their order, neighbours that differ in nothing made one. */
  segments(): Segment[] {
    const joined: Segment[] = [];
    for (const one of this.list) {
      const last = joined.at(-1);
      const goesOn =
        last !== undefined && last.bucket === one.bucket && last.jobName === one.jobName && last.nodes === one.nodes;
      if (goesOn) joined[joined.length - 1] = { ...last, until: one.until };
      else joined.push(one);
    }
    return joined;
  }

  private replace(start: number, end: number, coat: (beneath: Segment) => Segment): void {
    const from = Math.max(Math.round(start), this.list[0]?.from ?? Infinity);
    const until = Math.min(Math.round(end), this.list.at(-1)?.until ?? -Infinity);
    if (!(until > from)) return;
    const first = this.at(from);
    let last = first;
    while ((this.list[last]?.until ?? Infinity) < until) last++;
    const pieces = this.list.slice(first, last + 1).flatMap((beneath) => {
      const inside = { from: Math.max(beneath.from, from), until: Math.min(beneath.until, until) };
      return [
        { ...beneath, until: inside.from },
        { ...coat(beneath), ...inside },
        { ...beneath, from: inside.until },
      ].filter((piece) => piece.until > piece.from);
    });
    this.list.splice(first, last - first + 1, ...pieces);
  }

  /** Index of the segment that holds a moment of the canvas. */
  private at(moment: number): number {
    let low = 0;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.list[middle]?.from ?? Infinity) <= moment) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
