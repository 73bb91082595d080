import assert from 'node:assert/strict';
import { type Mark, figureOf, marked } from '../../../domain/copy/progress.js';

describe('domain: progress of a copy', () => {
  it('tells speed and time left from what was brought over since this attempt began', () => {
    const marks = [
      { at: 0, bytes: 600 },
      { at: 10_000, bytes: 700 },
    ];
    assert.deepEqual(figureOf(marks, 1000), { bytes: 700, totalBytes: 1000, bytesPerSecond: 10, etaSeconds: 30 });
  });

  it('tells no speed of one moment, and no time left where nothing moves', () => {
    const one = [{ at: 5, bytes: 10 }];
    assert.deepEqual(figureOf(one, 100), { bytes: 10, totalBytes: 100, bytesPerSecond: null, etaSeconds: null });
    const still = figureOf([...one, { at: 9000, bytes: 10 }], 100);
    assert.deepEqual([still.bytesPerSecond, still.etaSeconds], [0, null]);
    assert.equal(figureOf([{ at: 0, bytes: 100 }], 100).etaSeconds, 0);
  });

  it('goes by the last minute, however long the copy takes', () => {
    let marks: readonly Mark[] = [];
    for (let second = 0; second <= 3600; second += 10)
      marks = marked(marks, { at: second * 1000, bytes: Math.max(0, second - 3000) * 5 });
    assert.ok(marks.length <= 8, `${marks.length} marks`);
    assert.equal(figureOf(marks, 4000).bytesPerSecond, 5);
  });
});
