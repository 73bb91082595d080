import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CorpusError } from '../../error.js';

const windowBytes = 1 << 20;
/** The longest argument of an opcode: what is longer is no token, and no memory is set aside for it. */
export const longestArgument = 1 << 16;

/**
 * A stretch of a file that moves forward over it, read as it is needed: `bytes[at .. end]` is what is read and not yet used.
 * Reads block, so it belongs into a thread of its own.
 */
export class Window {
  readonly bytes = Buffer.allocUnsafeSlow(windowBytes);
  readonly size: number;
  at = 0;
  end = 0;
  private readonly fd: number;
  private readonly hash = createHash('sha256');
  /** Place in the file of `bytes[0]`. */
  private base = 0;

  /**
   * @param file its path
   * @param name what error messages call it
   * @throws CorpusError where it cannot be read
   */
  constructor(
    file: string,
    readonly name: string,
  ) {
    try {
      this.fd = openSync(file, 'r');
    } catch (cause) {
      throw new CorpusError(`${file} cannot be read; name a .bin file of the old recipe.`, { cause });
    }
    this.size = fstatSync(this.fd).size;
  }

  /** Place in the file of what comes next. */
  get offset(): number {
    return this.base + this.at;
  }

  /** Reads on until `wanted` bytes are there, if the file has them. @returns bytes that are there */
  fill(wanted: number): number {
    if (this.end - this.at >= wanted) return this.end - this.at;
    this.bytes.copyWithin(0, this.at, this.end);
    this.base += this.at;
    this.end -= this.at;
    this.at = 0;
    while (this.end < windowBytes) {
      const read = readSync(this.fd, this.bytes, this.end, windowBytes - this.end, null);
      if (read === 0) break;
      this.hash.update(this.bytes.subarray(this.end, this.end + read));
      this.end += read;
    }
    return this.end - this.at;
  }

  /** Uses up `count` bytes, at most `longestArgument`. @returns where they begin in `bytes` @throws CorpusError at the end of the file */
  take(count: number): number {
    if (this.end - this.at < count && this.fill(count) < count) throw this.cutOff();
    this.at += count;
    return this.at - count;
  }

  /** Uses up a line of text with its end. @throws CorpusError where there is none within `longestArgument` bytes */
  line(encoding: 'utf8' | 'latin1' = 'utf8'): string {
    const there = Math.min(this.fill(longestArgument), longestArgument);
    const length = this.bytes.subarray(this.at, this.at + there).indexOf(0x0a);
    if (length === -1 && there < longestArgument) throw this.cutOff();
    if (length === -1) {
      throw new CorpusError(
        `${this.name} has no end of line within ${longestArgument} bytes behind byte ${this.offset}: it is damaged.`,
      );
    }
    const from = this.take(length + 1);
    return this.bytes.toString(encoding, from, from + length);
  }

  /** The sha256 (hex) of the file. @throws CorpusError where something of it was not read */
  sha256(): string {
    if (this.fill(1) > 0) {
      throw new CorpusError(
        `${this.name} goes on behind its end: ${this.size - this.offset} bytes follow byte ${this.offset}, where its only object is complete.`,
      );
    }
    return this.hash.digest('hex');
  }

  close(): void {
    closeSync(this.fd);
  }

  private cutOff(): CorpusError {
    return new CorpusError(
      `${this.name} is cut off: it ends at byte ${this.size}, in the middle of what begins at byte ${this.offset}; fetch it again.`,
    );
  }
}
