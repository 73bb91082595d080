import type { Gap, Stretch } from './unpack.js';

/** Why nothing was found: the bytes end, a gap lies before, the rest belongs to the next piece, or it is too far. */
export type Stop = 'end' | 'gap' | 'foreign' | 'far';

/** What is kept of bytes that were searched in vain; the end of a dump is looked for in them. */
const tail = 4096;
const mostKept = 1 << 20;

/** The part of a byte stream in view: it grows at its end and is dropped from its start. */
export class Window {
  /** Bytes of the stream before the window. */
  offset = 0;
  #bytes: Buffer = Buffer.alloc(0);
  /** Where the bytes of the next piece begin. */
  #ownEnd = Infinity;
  #gap: Gap | undefined;
  readonly #source: AsyncIterator<Stretch>;

  constructor(source: AsyncIterable<Stretch>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  get length(): number {
    return this.#bytes.length;
  }

  slice(start: number, end: number): Buffer {
    return this.#bytes.subarray(start, end);
  }

  drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
    this.offset += count;
  }

  /** Whether the byte at `index` of the window belongs to this piece. */
  isOwn(index: number): boolean {
    return this.offset + index < this.#ownEnd;
  }

  /** Where `needle` starts in the window, which grows until it is found, to `most` bytes if need be. */
  async find(needle: Buffer, from: number, most: number): Promise<number | Stop> {
    let searched = from;
    for (;;) {
      const found = this.#bytes.indexOf(needle, searched);
      if (found >= 0) return found;
      searched = Math.max(from, this.#bytes.length - needle.length + 1);
      if (searched > most) return 'far';
      const stop = await this.grow();
      if (stop !== undefined) return stop;
    }
  }

  /** Like `find` from the start of the window, for what begins in this piece; what was searched in vain may be dropped. */
  async findOwn(needle: Buffer): Promise<number | Stop> {
    let searched = 0;
    for (;;) {
      const found = this.#bytes.indexOf(needle, searched);
      if (found >= 0) return this.isOwn(found) ? found : 'foreign';
      searched = Math.max(0, this.#bytes.length - needle.length + 1);
      if (!this.isOwn(searched)) return 'foreign';
      if (this.#bytes.length > mostKept) this.drop(this.#bytes.length - tail);
      searched = Math.max(0, this.#bytes.length - needle.length + 1);
      const stop = await this.grow();
      if (stop !== undefined) return stop;
    }
  }

  async grow(): Promise<'end' | 'gap' | undefined> {
    if (this.#gap !== undefined) return 'gap';
    const next = await this.#source.next();
    if (next.done) return 'end';
    const stretch = next.value;
    const isFirstForeign = !stretch.isOwn && this.#ownEnd === Infinity;
    if (isFirstForeign) this.#ownEnd = this.offset + this.#bytes.length;
    if ('damage' in stretch) {
      this.#gap = stretch;
      return 'gap';
    }
    const chunk = Buffer.from(stretch.bytes.buffer, stretch.bytes.byteOffset, stretch.bytes.byteLength);
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    return undefined;
  }

  /** Leaves the bytes before the gap, and the gap, behind. @returns the gap */
  crossGap(): Gap {
    if (this.#gap === undefined) throw new Error('There is no gap in view.');
    const gap = this.#gap;
    this.#gap = undefined;
    this.drop(this.#bytes.length);
    return gap;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
