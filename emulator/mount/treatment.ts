import { globTest } from '../scenario/glob.js';
import type { Portion } from './push.js';
import { sameContent, type Signature } from './tree.js';

/** What becomes of a file on its way to Blob storage; times are real milliseconds. */
export type Treatment =
  /** Only a portion goes up; the whole of it after a while when `wholeAfterMs` is given. */
  | { type: 'portion'; portion: Portion; wholeAfterMs: number | null }
  /** It goes up later, and others do not wait for it. */
  | { type: 'later'; afterMs: number }
  /** It goes up once a file of such a name has gone up after it. */
  | { type: 'behind'; blob: string };

/** Asks what is to become of a file that is about to go up; null: nothing out of the ordinary. */
export type Treat = (name: string, bytes: number) => Promise<Treatment | null>;

interface Treated {
  seen: Signature;
  treatment: Treatment | null;
  /** Since when, in milliseconds. */
  at: number;
  isUp: boolean;
  /** A file that it was to come behind is up. */
  released: boolean;
}

/** What a mount does to its files out of the ordinary. Every state of a file is asked about once. */
export class Treatments {
  private readonly files = new Map<string, Treated>();
  private readonly healing = new Map<string, number>();

  constructor(
    private readonly treat: Treat,
    private readonly now: () => number = Date.now,
  ) {}

  /** What of a file goes up now; undefined when it has to wait. */
  async portionOf(name: string, seen: Signature): Promise<Portion | undefined> {
    const before = this.files.get(name);
    // A file that is written anew before it is up is still the one upload that was asked about.
    const isKnown = before !== undefined && (!before.isUp || sameContent(before.seen, seen));
    const file = isKnown ? Object.assign(before, { seen }) : await this.ask(name, seen);
    this.files.set(name, file);
    if (this.waits(file)) return undefined;
    return file.treatment?.type === 'portion' ? file.treatment.portion : {};
  }

  /** A file has gone up. */
  sent(name: string): void {
    const file = this.files.get(name);
    if (file !== undefined) file.isUp = true;
    const treatment = file?.treatment;
    const heals = treatment?.type === 'portion' && treatment.wholeAfterMs !== null;
    if (heals) this.healing.set(name, this.now() + (treatment.wholeAfterMs ?? 0));
    else this.healing.delete(name);
    for (const [other, waiting] of this.files) {
      const follows = other !== name && waiting.treatment?.type === 'behind' && globTest(waiting.treatment.blob)(name);
      if (follows) waiting.released = true;
    }
  }

  /** Names of files of which only a portion is up and the whole is due; with `all`, whether it is due or not. */
  heal(all: boolean): string[] {
    const due = [...this.healing].filter(([, at]) => all || this.now() >= at).map(([name]) => name);
    for (const name of due) {
      this.healing.delete(name);
      const file = this.files.get(name);
      if (file !== undefined) file.treatment = null;
    }
    return due;
  }

  /** Lets everything go up that still waits. */
  releaseAll(): void {
    for (const file of this.files.values()) file.released = true;
  }

  forget(name: string): void {
    this.files.delete(name);
    this.healing.delete(name);
  }

  private async ask(name: string, seen: Signature): Promise<Treated> {
    return { seen, treatment: await this.treat(name, seen.bytes), at: this.now(), isUp: false, released: false };
  }

  private waits({ treatment, released, at }: Treated): boolean {
    if (released || treatment === null) return false;
    if (treatment.type === 'behind') return true;
    return treatment.type === 'later' && this.now() - at < treatment.afterMs;
  }
}
