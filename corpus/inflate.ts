import { createReadStream } from 'node:fs';
import unbzip2 from 'unbzip2-stream';
import { CorpusError } from './error.js';

/** Bytes read so far of the file as it lies on disk. */
export type OnRead = (bytes: number) => void;

/**
 * The XML bytes of a dump file: unpacked when it starts as bzip2 does (any number of streams), as they are otherwise.
 * @throws CorpusError on a damaged or truncated bzip2 file, with the place.
 */
export async function* inflate(file: string, onRead: OnRead = () => undefined): AsyncGenerator<Uint8Array> {
  const source = readChunks(file, onRead);
  const first = await source.next();
  if (first.done) return;
  const chunks = chain(first.value, source);
  yield* startsAsBzip2(first.value) ? unpack(chunks, file) : chunks;
}

async function* readChunks(file: string, onRead: OnRead): AsyncGenerator<Uint8Array, undefined> {
  let read = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    read += chunk.length;
    onRead(read);
    yield chunk;
  }
  return undefined;
}

async function* chain(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

function startsAsBzip2(chunk: Uint8Array): boolean {
  return chunk[0] === 0x42 && chunk[1] === 0x5a && chunk[2] === 0x68;
}

async function* unpack(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const stream = unbzip2();
  const ready: Uint8Array[] = [];
  let failure: unknown;
  let unpacked = 0;
  stream.on('data', (chunk: Uint8Array) => ready.push(chunk));
  stream.on('error', (error: unknown) => (failure ??= error));
  const drain = function* (): Generator<Uint8Array> {
    for (const chunk of ready.splice(0)) {
      unpacked += chunk.length;
      yield chunk;
    }
    if (failure !== undefined) throw damaged(file, unpacked, failure);
  };
  for await (const chunk of chunks) {
    stream.write(chunk);
    yield* drain();
  }
  stream.end();
  yield* drain();
}

function damaged(file: string, unpacked: number, cause: unknown): CorpusError {
  return new CorpusError(
    `${file} is damaged or cut off: bzip2 could not be unpacked further than ${unpacked} bytes of XML; fetch the file again and compare its checksum.`,
    { cause },
  );
}
