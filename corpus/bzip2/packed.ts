import type { ByteSource } from '../input/source.js';
import { bitsAt, findMark, markBytes, type Mark } from './marks.js';
import { wrapBlock } from './wrap.js';

/** The part of a bzip2 file in view: it grows at its end and is dropped from its start. Bits and bytes count from the start of the file. */
export class PackedWindow {
  #bytes: Uint8Array = new Uint8Array(0);
  #start: number;
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(source: ByteSource, from: number) {
    this.#start = from;
    this.#source = source.read(from, source.bytes)[Symbol.asyncIterator]();
  }

  /** The first mark at or behind `bit`, however far; undefined when the file ends before. */
  async nextMark(bit: number): Promise<Mark | undefined> {
    let from = bit;
    for (;;) {
      const found = findMark(this.#bytes, from - this.#start * 8);
      if (found !== undefined) return { kind: found.kind, bit: found.bit + this.#start * 8 };
      from = Math.max(from, (this.#end - markBytes + 1) * 8);
      if (!(await this.#grow())) return undefined;
    }
  }

  /** What lies between two bits of the file, one of them the start of a block, as a bzip2 stream of its own. */
  wrapped(fromBit: number, toBit: number): Uint8Array {
    return wrapBlock(this.#bytes, fromBit - this.#start * 8, toBit - this.#start * 8);
  }

  /** `count` bits (24 at most), zeros behind the end of the file. */
  bits(bit: number, count: number): number {
    return bitsAt(this.#bytes, bit - this.#start * 8, count);
  }

  /** Takes `count` bytes from `byte` on into view. @returns whether the file has them */
  async has(byte: number, count: number): Promise<boolean> {
    while (this.#end < byte + count) if (!(await this.#grow())) return false;
    return true;
  }

  dropBefore(byte: number): void {
    const count = Math.min(byte - this.#start, this.#bytes.length);
    this.#bytes = this.#bytes.subarray(count);
    this.#start += count;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  get #end(): number {
    return this.#start + this.#bytes.length;
  }

  async #grow(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#bytes = this.#bytes.length === 0 ? next.value : Buffer.concat([this.#bytes, next.value]);
    return true;
  }
}
