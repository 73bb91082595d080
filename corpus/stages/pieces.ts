import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { readDocuments, type Document, type DocumentCounts } from '../documents.js';
import { CorpusError } from '../error.js';
import { inflate } from '../inflate.js';
import type { Preparation } from '../options.js';
import { readDump } from '../pages.js';
import type { Page } from '../page.js';

/** Bytes that lie somewhere and can be read from any place on. */
export interface ByteSource {
  readonly name: string;
  readonly bytes: number;
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** A range of an input; pages belong to the piece in which they begin. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

export async function localSource(file: string): Promise<ByteSource> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new CorpusError(`The dump ${file} cannot be read; name a .xml or .xml.bz2 file.`, { cause });
  });
  return {
    name: file,
    bytes: size,
    read: (from, to) => createReadStream(file, { start: from, end: to - 1, highWaterMark: 1 << 18 }),
  };
}

export async function planPieces(source: ByteSource, pieceBytes: number): Promise<Piece[]> {
  if (source.name.endsWith('.bz2')) return [{ from: 0, to: source.bytes }];
  const count = Math.max(1, Math.floor(source.bytes / pieceBytes));
  return Array.from({ length: count }, (_, index) => ({
    from: index * pieceBytes,
    to: index === count - 1 ? source.bytes : (index + 1) * pieceBytes,
  }));
}

export async function* readPiece(
  source: ByteSource,
  piece: Piece,
  options: Preparation,
  counts: DocumentCounts,
): AsyncGenerator<Document> {
  if (source.name.endsWith('.bz2')) {
    const { site, pages } = await readDump(inflate(source.name), source.name);
    yield* readDocuments(pages, site, options, counts);
    return;
  }
  const header = piece.from === 0 ? Buffer.alloc(0) : await headerOf(source);
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    if (header.length > 0) yield header;
    yield* source.read(piece.from, source.bytes);
  };
  const { site, pages } = await readDump(bytes(), source.name);
  yield* readDocuments(until(pages, piece.to - piece.from + header.length), site, options, counts);
}

async function* until(pages: AsyncIterable<Page>, end: number): AsyncGenerator<Page> {
  for await (const page of pages) {
    if (page.offset >= end) return;
    yield page;
  }
}

async function headerOf(source: ByteSource): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read(0, Math.min(source.bytes, 1 << 16))) chunks.push(chunk);
  const head = Buffer.concat(chunks);
  const end = head.indexOf('<page>');
  return head.subarray(0, end < 0 ? head.length : end);
}
