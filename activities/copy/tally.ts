import type { BlockNews } from '../../azure/copy/tools.js';
import { type Mark, figureOf, marked } from '../../domain/copy/progress.js';

/** Blocks of a copy, all attempts together as far as they are known. */
export interface BlockCount {
  readonly sent: number;
  /** Found at the destination, brought over by an attempt before. */
  readonly there: number;
  /** Sent more than once: lost on the way, refused, or under way when a worker died. */
  readonly repeated: number;
}

/** What a heartbeat carries: progress for a person, and for the next attempt which blocks were under way. */
export interface CopyDetails extends BlockCount {
  readonly activity: 'copy';
  readonly stage: 'copy';
  readonly blobs: number;
  readonly of: number;
  readonly bytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number | null;
  readonly etaSeconds: number | null;
  readonly underWay: readonly string[];
}

/** Marks nearer to each other than this say nothing of the speed. */
const MARK_EVERY_MS = 1_000;

/** Counts what happens to the blocks of a copy. */
export class Tally {
  private readonly bytesOf = new Map<string, number>();
  private readonly sends = new Map<string, number>();
  private readonly underWay = new Set<string>();
  private readonly underWayBefore: ReadonlySet<string>;
  private marks: readonly Mark[] = [];
  private bytes = 0;
  private blobs = 0;
  private count: BlockCount;

  /** @param before what the last heartbeat of the attempt before said; null where nobody knows */
  constructor(
    private readonly total: { readonly blobs: number; readonly bytes: number },
    private readonly now: () => number,
    before: Partial<CopyDetails> | null,
  ) {
    this.underWayBefore = new Set(before?.underWay ?? []);
    this.count = { sent: before?.sent ?? 0, there: 0, repeated: before?.repeated ?? 0 };
  }

  add(news: BlockNews): void {
    switch (news.kind) {
      case 'restarted':
        return this.setBytes(news.to, 0);
      case 'kept':
      case 'committed':
        this.blobs++;
        return this.setBytes(news.to, news.bytes);
      case 'sent':
        return this.addSent(news.block.id);
      case 'there':
        this.count = { ...this.count, there: this.count.there + 1 };
        return this.addBytes(news.to, news.block.bytes);
      case 'acknowledged':
        this.underWay.delete(news.block.id);
        return this.addBytes(news.to, news.block.bytes);
    }
  }

  get blocks(): BlockCount {
    return this.count;
  }

  /** For a heartbeat. */
  details(): CopyDetails {
    if (this.marks.length > 0 && this.now() - (this.marks.at(-1)?.at ?? 0) >= MARK_EVERY_MS) this.mark();
    const { bytesPerSecond, etaSeconds } = figureOf(this.marks, this.total.bytes);
    const progress = { blobs: this.blobs, of: this.total.blobs, bytes: this.bytes, totalBytes: this.total.bytes };
    const underWay = [...this.underWay];
    return { activity: 'copy', stage: 'copy', ...progress, bytesPerSecond, etaSeconds, ...this.count, underWay };
  }

  private addSent(id: string): void {
    // What was there before the first block was sent is no speed.
    if (this.marks.length === 0) this.mark();
    const before = this.sends.get(id) ?? 0;
    const again = before > 0 || this.underWayBefore.has(id);
    this.sends.set(id, before + 1);
    this.underWay.add(id);
    this.count = { ...this.count, sent: this.count.sent + 1, repeated: this.count.repeated + (again ? 1 : 0) };
  }

  private addBytes(to: string, bytes: number): void {
    this.setBytes(to, (this.bytesOf.get(to) ?? 0) + bytes);
  }

  private setBytes(to: string, bytes: number): void {
    this.bytes += bytes - (this.bytesOf.get(to) ?? 0);
    this.bytesOf.set(to, bytes);
  }

  private mark(): void {
    this.marks = marked(this.marks, { at: this.now(), bytes: this.bytes });
  }
}
