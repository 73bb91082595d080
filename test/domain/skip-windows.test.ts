import assert from 'node:assert/strict';
import { mergedWindows, positionAfter, windowOf } from '../../domain/skip-windows.js';

/** The same by counting sample after sample. */
function counted(position: number, samples: number, windows: readonly { from: number; to: number }[]): number {
  let left = samples;
  let at = position;
  while (left > 0) {
    const passed = windows.some(({ from, to }) => at >= from && at < to);
    if (!passed) left--;
    at++;
  }
  return at;
}

describe('domain: samples that are passed over', () => {
  it('moves the cursor past the windows ahead of it and no other', () => {
    const windows = [
      { from: 100, to: 110 },
      { from: 30, to: 50 },
      { from: 45, to: 60 },
    ];
    for (let position = 0; position < 130; position += 7)
      for (let samples = 0; samples < 150; samples += 11)
        assert.equal(
          positionAfter(position, samples, windows),
          counted(position, samples, windows),
          `${position} + ${samples}`,
        );
  });

  it('makes one window of those that touch', () => {
    assert.deepEqual(
      mergedWindows([
        { from: 5, to: 9 },
        { from: 0, to: 5 },
        { from: 20, to: 21 },
      ]),
      [
        { from: 0, to: 9 },
        { from: 20, to: 21 },
      ],
    );
  });

  it('finds the samples of some steps, from where training continues', () => {
    const steps = { after: 8, upTo: 10 };
    assert.deepEqual(windowOf(steps, { step: 5, position: 50 }, 10, []), { from: 80, to: 100 });
    assert.deepEqual(windowOf(steps, { step: 5, position: 50 }, 10, [{ from: 60, to: 70 }]), { from: 90, to: 110 });
    assert.deepEqual(windowOf(steps, { step: 8, position: 95 }, 10, [{ from: 60, to: 75 }]), { from: 95, to: 115 });
  });
});
