import assert from 'node:assert/strict';
import { drawMasks } from '../../corpus/masks.js';
import { randomOf } from '../../corpus/random.js';

const options = { probability: 0.15, maskId: 4, vocabularySize: 2048, specialIds: new Set([0, 1, 2, 3, 4]) };
const a = Uint16Array.from({ length: 12 }, (_, n) => 100 + n);
const b = Uint16Array.from({ length: 17 }, (_, n) => 200 + n);
const idAt = (position: number): number =>
  position <= 12 ? (a[position - 1] as number) : (b[position - 14] as number);

describe('corpus: static masks', () => {
  it('hide 15 % of the sequence, at positions of text only, in order', () => {
    for (let round = 0; round < 200; round++) {
      const { positions } = drawMasks(a, b, randomOf(round), options);
      assert.equal(positions.length, 5);
      assert.deepEqual(
        positions,
        [...new Set(positions)].sort((x, y) => x - y),
      );
      for (const position of positions) assert.ok(position > 0 && position !== 13 && position < 31);
    }
  });

  it('show [MASK] 80 %, the same id 10 % and another one 10 % of the time', () => {
    const shown = { mask: 0, same: 0, other: 0 };
    for (let round = 0; round < 2000; round++) {
      const { positions, inputs } = drawMasks(a, b, randomOf('kinds', round), options);
      inputs.forEach((id, index) => {
        const kind = id === 4 ? 'mask' : id === idAt(positions[index] as number) ? 'same' : 'other';
        assert.ok(id === 4 || !options.specialIds.has(id));
        shown[kind]++;
      });
    }
    assert.ok(Math.abs(shown.mask / 10_000 - 0.8) < 0.015, JSON.stringify(shown));
    assert.ok(Math.abs(shown.same / 10_000 - 0.1) < 0.012, JSON.stringify(shown));
  });

  it('hide one token at least', () => {
    assert.equal(drawMasks(Uint16Array.of(9), Uint16Array.of(9), randomOf(1), options).positions.length, 1);
  });

  it('are the same for the same key', () => {
    assert.deepEqual(drawMasks(a, b, randomOf('k', 1), options), drawMasks(a, b, randomOf('k', 1), options));
  });
});
