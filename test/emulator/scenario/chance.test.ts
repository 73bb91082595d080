import assert from 'node:assert/strict';
import { draw, isHit, pick } from '../../../emulator/scenario/chance.js';

describe('emulator: chance', () => {
  it('draws the same for the same seed and labels, evenly, and another number for others', () => {
    assert.equal(draw(7, 'a', 1), draw(7, 'a', 1));
    assert.notEqual(draw(7, 'a', 1), draw(8, 'a', 1));
    assert.notEqual(draw(7, 'a', 1), draw(7, 'a', 2));
    const drawn = Array.from({ length: 2000 }, (_, index) => draw(1, index));
    assert.ok(drawn.every((one) => one >= 0 && one < 1));
    const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
    assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
    assert.deepEqual(
      [pick(['a', 'b', 'c'], 0), pick(['a', 'b', 'c'], 0.34), pick(['a', 'b', 'c'], 0.99)],
      ['a', 'b', 'c'],
    );
  });

  it('hits all, the n-th, each n-th or some by chance, and never more than it may', () => {
    const hits = (chance: Parameters<typeof isHit>[0], drawn = 0.5): number[] => {
      let fired = 0;
      return [1, 2, 3, 4, 5, 6].filter((seen) => {
        const isOne = isHit(chance, seen, fired, drawn);
        fired += isOne ? 1 : 0;
        return isOne;
      });
    };
    assert.deepEqual(hits({}), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(hits({ nth: 2 }), [2]);
    assert.deepEqual(hits({ every: 3 }), [3, 6]);
    assert.deepEqual(hits({ every: 2, times: 2 }), [2, 4]);
    assert.deepEqual(hits({ probability: 0.4 }), []);
    assert.deepEqual(hits({ probability: 0.6, times: 3 }), [1, 2, 3]);
  });
});
