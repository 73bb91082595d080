const NEXT = Buffer.from('"nextLink"');
/** Bytes at the end of a page in which its link to the next stands. */
const TAIL = 4096;

/** A page of a listing, looked into as it comes in: a generator that put together and parsed each would be what is measured. */
export class Page {
  bytes = 0;
  /** How often the text was seen that stands once in every item. */
  items = 0;
  private tail: Buffer = Buffer.alloc(0);
  private readonly marker: Buffer;

  /** @param marker the text; empty for pages whose items are not counted */
  constructor(marker: string) {
    this.marker = Buffer.from(marker);
  }

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.marker.length > 0) {
      // Once in the chunk itself, once where it meets the one before.
      const overlap = this.marker.length - 1;
      const seam = Buffer.concat([lastBytes(this.tail, overlap), chunk.subarray(0, overlap)]);
      this.items += occurrences(chunk, this.marker) + occurrences(seam, this.marker);
    }
    this.tail = chunk.length >= TAIL ? lastBytes(chunk, TAIL) : lastBytes(Buffer.concat([this.tail, chunk]), TAIL);
  }

  /** The address of the next page; undefined on the last. */
  nextLink(): string | undefined {
    const at = this.tail.lastIndexOf(NEXT);
    if (at < 0) return undefined;
    const after = this.tail.subarray(at + NEXT.length).toString('utf8');
    const literal = /^\s*:\s*("(?:[^"\\]|\\.)*")/.exec(after)?.[1];
    return literal === undefined ? undefined : (JSON.parse(literal) as string);
  }
}

function lastBytes(bytes: Buffer, count: number): Buffer {
  return bytes.subarray(Math.max(0, bytes.length - count));
}

function occurrences(bytes: Buffer, text: Buffer): number {
  let times = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) times += 1;
  return times;
}
