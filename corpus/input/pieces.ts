import { CorpusError } from '../error.js';
import type { Input, Piece } from './input.js';
import { readIndex, requireStream } from './multistream.js';
import type { ByteSource } from './source.js';

/**
 * Cuts an input into pieces that can be read apart, in order, without a gap between them.
 * @param pieceBytes bytes of the file as it lies, at least that many a piece; gzip and UTF-16 cannot be cut: they are one piece
 * @param index the index file of a multistream dump: pieces start where streams do, and hold as many pages as it says
 * @throws CorpusError when the index does not fit the dump.
 */
export async function planPieces(input: Input, pieceBytes: number, index?: ByteSource): Promise<Piece[]> {
  if (index !== undefined) return planByIndex(input, pieceBytes, index);
  const { bytes } = input.source;
  const canBeCut = input.packing !== 'gzip' && input.encoding === 'utf-8';
  const count = canBeCut ? Math.max(1, Math.floor(bytes / Math.max(1, pieceBytes))) : 1;
  const edge = (number: number): number => (number === count ? bytes : number * Math.max(1, Math.floor(pieceBytes)));
  return Array.from({ length: count }, (_, number) => ({ from: edge(number), to: edge(number + 1) }));
}

async function planByIndex(input: Input, pieceBytes: number, index: ByteSource): Promise<Piece[]> {
  const { source, packing, format } = input;
  const isMultistream = packing === 'bzip2' && format === 'xml';
  if (!isMultistream)
    throw new CorpusError(`${source.name} is no multistream dump, so that ${index.name} cannot be its index.`);
  const pieces: Array<Piece & { pages: { count: number; first: number } }> = [];
  for await (const stream of readIndex(index, source)) {
    const open = pieces.at(-1);
    const isFull = open !== undefined && stream.offset - open.from >= pieceBytes;
    if (open === undefined || isFull) {
      await requireStream(index, source, stream);
      // The header of the dump is a stream before the first one that the index names.
      const from = open === undefined ? 0 : stream.offset;
      pieces.push({ from, to: source.bytes, pages: { count: stream.pages, first: stream.first } });
    } else {
      pieces[pieces.length - 1] = { ...open, pages: { ...open.pages, count: open.pages.count + stream.pages } };
    }
  }
  if (pieces.length === 0) throw new CorpusError(`${index.name} names no page; take the index of ${source.name}.`);
  return pieces.map((piece, number) => ({ ...piece, to: pieces[number + 1]?.from ?? source.bytes }));
}
