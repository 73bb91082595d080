import type { BlobContainer } from '../../../azure/blob.js';
import { phaseAttemptsFolder } from '../../../domain/paths.js';
import { PHASE } from './config.js';

/** A whole checkpoint as it was seen in the storage. */
export interface Seen {
  readonly path: string;
  readonly attempt: string;
  readonly incarnation: string;
  readonly step: number;
  readonly seenAt: number;
  /** ETag of its manifest when it was first seen. */
  readonly etag: string;
  /** Who wrote it by its own word; null where that could not be read. */
  readonly writer: string | null;
  goneAt: number | null;
  /** When we damaged it. */
  damagedAt: number | null;
  /** Damaged so that its ETag stays. */
  rotten: boolean;
  /** When we wrote it in the name of a job that had ended. */
  readonly ghostAt: number | null;
}

const QUARANTINED = /^(.*)\/quarantine\/(step-\d{9})\//;
const WHOLE = /^(.*\/(a\d+)\/([^/]+)\/checkpoints\/step-(\d{9}))\/manifest\.json$/;

/** Keeps a list of every checkpoint that a run ever had, by looking at its storage again and again. */
export class Inventory {
  readonly seen = new Map<string, Seen>();
  /** What was found that may not be, with its moment. */
  readonly broken: {
    readonly at: number;
    readonly invariant: 'never two writers' | 'the last two good checkpoints are kept';
    readonly what: string;
  }[] = [];
  /** Looks after which checkpoints were gone. */
  removals = 0;
  private readonly ghosts = new Set<string>();
  private looking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: BlobContainer,
    private readonly run: string,
  ) {}

  /** Whole ones that are there, newest step first. */
  there(): Seen[] {
    return [...this.seen.values()].filter(({ goneAt }) => goneAt === null).sort((a, b) => b.step - a.step);
  }

  ghost(path: string): void {
    this.ghosts.add(path);
  }

  /** One look after the other: of two at once the slower would forget what was done to a checkpoint since the quicker one saw it. */
  look(): Promise<void> {
    const look = this.looking.then(() => this.lookNow());
    this.looking = look.catch(() => undefined);
    return look;
  }

  private async lookNow(): Promise<void> {
    const now = Date.now();
    const blobs = await this.store.list(`${phaseAttemptsFolder(this.run, PHASE)}/`);
    const good = this.good();
    const present = new Set<string>();
    this.rotIsFound(blobs.map(({ path }) => path));
    for (const { path: file, etag } of blobs) {
      const [, path, attempt, incarnation, step] = WHOLE.exec(file) ?? [];
      if (path === undefined || attempt === undefined || incarnation === undefined) continue;
      present.add(path);
      const known = this.seen.get(path);
      if (known === undefined) await this.add({ path, attempt, incarnation, step: Number(step), seenAt: now, etag });
      else if (known.etag !== etag && known.damagedAt === null)
        this.broken.push({ at: now, invariant: 'never two writers', what: `${path} was written a second time` });
    }
    this.leave(present, good, now);
  }

  private async add(one: Pick<Seen, 'path' | 'attempt' | 'incarnation' | 'step' | 'seenAt' | 'etag'>): Promise<void> {
    const writer = await this.writerOf(one.path);
    const ghostAt = this.ghosts.has(one.path) ? one.seenAt : null;
    this.seen.set(one.path, { ...one, writer, ghostAt, goneAt: null, damagedAt: null, rotten: false });
    const others = [...this.seen.values()].filter(({ incarnation }) => incarnation === one.incarnation);
    const writers = new Set(others.flatMap((other) => other.writer ?? []));
    if (writers.size > 1)
      this.broken.push({
        at: one.seenAt,
        invariant: 'never two writers',
        what: `${one.attempt}/${one.incarnation} was written by ${[...writers].join(' and by ')}`,
      });
  }

  private leave(present: ReadonlySet<string>, before: number, now: number): void {
    const left = this.there().filter(({ path }) => !present.has(path));
    for (const one of left) one.goneAt = now;
    if (left.every(isDamaged)) return;
    this.removals++;
    if (this.good() < Math.min(2, before))
      this.broken.push({
        at: now,
        invariant: 'the last two good checkpoints are kept',
        what: `${before} good ones, ${this.good()} after ${left.map(({ path }) => path).join(', ')} went`,
      });
  }

  /** A trainer read what had rotted and refused it: from then on it is damaged for everybody. */
  private rotIsFound(files: readonly string[]): void {
    for (const file of files) {
      const [, folder, step] = QUARANTINED.exec(file) ?? [];
      const one = this.seen.get(`${folder}/checkpoints/${step}`);
      if (one !== undefined) one.rotten = false;
    }
  }

  private good(): number {
    return this.there().filter((one) => !isDamaged(one) && one.ghostAt === null).length;
  }

  private async writerOf(path: string): Promise<string | null> {
    try {
      const text = await this.store.text(`${path}/model.safetensors`);
      return text === null ? null : (JSON.parse(text) as { writer: string }).writer;
    } catch {
      return null;
    }
  }
}

/** Rot that nobody can have noticed is no damage to who keeps a checkpoint or lets it go. */
const isDamaged = ({ damagedAt, rotten }: Seen) => damagedAt !== null && !rotten;
