import type { Preparation } from '../options.js';
import { countDamaged, readDocuments, type Document, type DocumentCounts } from '../documents.js';
import type { DamageLog } from '../input/damage.js';
import type { Found, Piece } from '../input/input.js';
import { lookInto, openInput } from '../input/open.js';
import { planPieces } from '../input/pieces.js';
import { readPiece } from '../input/read.js';
import type { ByteSource } from '../input/source.js';

export type { Found, Piece } from '../input/input.js';
export type { ByteSource } from '../input/source.js';

/** Looks at an input and cuts it into pieces. @throws CorpusError when it is nothing that is read here, or its index does not fit */
export async function cut(
  source: ByteSource,
  options: Preparation,
  pieceBytes: number,
  index?: ByteSource,
): Promise<{ found: Found; pieces: Piece[] }> {
  const found = await lookInto(source, options.input);
  return { found, pieces: await planPieces(await openInput(source, options.input, found), pieceBytes, index) };
}

/**
 * The documents of a piece, counted into `counts`; what was damaged is known behind the last one.
 * @param found what `cut` found; absent: the start of the input is read once more
 */
export async function readPieceOf(
  source: ByteSource,
  piece: Piece,
  { options, found }: { readonly options: Preparation; readonly found?: Found },
  counts: DocumentCounts,
): Promise<{ documents: AsyncGenerator<Document>; damage: DamageLog }> {
  const input = await openInput(source, options.input, found);
  const { pages, damage } = readPiece(input, piece);
  return { documents: counted(readDocuments(pages, input.site, options, counts), counts, damage), damage };
}

async function* counted(
  documents: AsyncGenerator<Document>,
  counts: DocumentCounts,
  damage: DamageLog,
): AsyncGenerator<Document> {
  yield* documents;
  countDamaged(counts, damage);
}
