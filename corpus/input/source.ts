/**
 * Bytes that lie somewhere and can be read from any place on: a local file, a file behind HTTPS, a blob.
 * `read` may be called any number of times, at once too; leaving its loop early ends the reading.
 */
export interface ByteSource {
  /** What messages call it: a path, or an address without its secrets. */
  readonly name: string;
  readonly bytes: number;
  /** The bytes `from` up to `to`, in chunks of any size. @throws when fewer can be read, or when they are no longer the same file's. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}
