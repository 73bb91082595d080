import assert from 'node:assert/strict';
import { findChanged, hashPieces } from '../../../corpus/stages/piece-hashes.js';
import { inMemory } from '../input/memory.js';

describe('corpus: hashes of the pieces of an input', () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
  const pieces = [0, 1, 2, 3, 4].map((n) => ({ from: 200 * n, to: 200 * n + 200 }));
  const changedAt = async (place: number, number: number) => {
    const pieceHashes = await hashPieces(inMemory(bytes), pieces);
    const other = Buffer.from(bytes);
    other.writeUInt8(other.readUInt8(place) ^ 1, place);
    return findChanged(inMemory(other, 7), { pieces, pieceHashes }, number);
  };

  it('tell a change of the piece itself, of the next one, and of the first', async () => {
    for (const [place, index] of [
      [450, 2],
      [600, 3],
      [799, 3],
      [0, 0],
    ] as const)
      assert.deepEqual(await changedAt(place, 2), pieces[index], `${place}`);
    assert.deepEqual(await changedAt(999, 4), pieces[4]);
  });

  it('say nothing of what a piece is not read from', async () => {
    for (const place of [200, 399, 800, 999]) assert.equal(await changedAt(place, 2), undefined, `${place}`);
  });
});
