import { isUtf8 } from 'node:buffer';
import { CorpusError } from '../error.js';
import { packingOf } from './packing.js';
import type { ByteSource } from './source.js';
import { unpack } from './unpack.js';
import { Window } from './window.js';

/** A stream of a multistream dump, as its index names it. */
export interface IndexedStream {
  /** Byte of the dump at which it starts. */
  readonly offset: number;
  readonly pages: number;
  /** Id of its first page. */
  readonly first: number;
}

const newline = Buffer.from('\n');
const entry = /^(\d+):(\d+):/;
const mark = Buffer.from('314159265359', 'hex');

/**
 * The streams that an index (`offset:page id:title` lines, packed or not) names, in order.
 * @throws CorpusError when the index is damaged, or names places that the dump does not have or that go backwards.
 */
export async function* readIndex(index: ByteSource, dump: ByteSource): AsyncGenerator<IndexedStream> {
  let open: IndexedStream | undefined;
  for await (const [offset, page] of readEntries(index)) {
    if (open?.offset === offset) {
      open = { ...open, pages: open.pages + 1 };
      continue;
    }
    const next = { offset, pages: 1, first: page };
    const isPlace = offset < dump.bytes && offset > (open?.offset ?? -1);
    if (!isPlace) throw misfit(index, dump, next);
    if (open !== undefined) yield open;
    open = next;
  }
  if (open !== undefined) yield open;
}

/** @throws CorpusError when no stream of the dump starts where the index says. */
export async function requireStream(index: ByteSource, dump: ByteSource, stream: IndexedStream): Promise<void> {
  const head = await bytesOf(dump, stream.offset, 10);
  const isStart = /^BZh[1-9]$/.test(head.toString('latin1', 0, 4)) && head.subarray(4).equals(mark);
  if (!isStart) throw misfit(index, dump, stream);
}

function misfit(index: ByteSource, dump: ByteSource, { offset, first }: IndexedStream): CorpusError {
  return new CorpusError(
    `${index.name} is not the index of ${dump.name}: no stream starts at byte ${offset} of it, where page ${first} should be; take both of the same date.`,
  );
}

async function* readEntries(index: ByteSource): AsyncGenerator<[offset: number, page: number]> {
  const window = new Window(unpack(index, packingOf(await bytesOf(index, 0, 16), index.name)));
  try {
    for (;;) {
      const end = await window.find(newline, 0, 1 << 20);
      if (end === 'gap' || end === 'far') throw damaged(index, window.offset);
      const isLast = typeof end !== 'number';
      const line = window.slice(0, isLast ? window.length : end);
      const [, offset, page] = (isUtf8(line) && entry.exec(line.toString('utf8'))) || [];
      if (line.length > 0 && offset === undefined) throw damaged(index, window.offset);
      if (offset !== undefined) yield [Number(offset), Number(page)];
      if (isLast) return;
      window.drop(end + 1);
    }
  } finally {
    await window.close();
  }
}

function damaged(index: ByteSource, at: number): CorpusError {
  return new CorpusError(
    `${index.name} is no index of a multistream dump, or damaged, at byte ${at} of its text; its lines are offset:page id:title.`,
  );
}

async function bytesOf(source: ByteSource, from: number, count: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read(from, Math.min(source.bytes, from + count))) chunks.push(chunk);
  return Buffer.concat(chunks);
}
