import { createHash } from 'node:crypto';
import type { ByteSource, Piece } from './pieces.js';

/** The sha256 (hex) of the bytes of each piece, as they lie in the input. */
export async function hashPieces(source: ByteSource, pieces: readonly Piece[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const piece of pieces) hashes.push(await hashOf(source, piece));
  return hashes;
}

/**
 * Finds out whether the bytes that a piece is read from are those that were planned: its own, those of the next one, in which its last page
 * may end, and those of the first, where the header of the input lies.
 * @returns the first piece that holds others; undefined where all are the same
 */
export async function findChanged(
  source: ByteSource,
  { pieces, pieceHashes }: { readonly pieces: readonly Piece[]; readonly pieceHashes: readonly string[] },
  number: number,
): Promise<Piece | undefined> {
  for (const index of new Set([number, number + 1, 0])) {
    const piece = pieces[index];
    if (piece !== undefined && (await hashOf(source, piece)) !== pieceHashes[index]) return piece;
  }
  return undefined;
}

async function hashOf(source: ByteSource, { from, to }: Piece): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source.read(from, to)) hash.update(chunk);
  return hash.digest('hex');
}
