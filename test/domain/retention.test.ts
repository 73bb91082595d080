import assert from 'node:assert/strict';
import { type HeldCheckpoint, removable } from '../../domain/retention.js';
import { config } from './samples.js';

const keep = { ...config().checkpoints.keep, last: 2, best: 0, olderThanSteps: 0 };
const held = (step: number, over: Partial<HeldCheckpoint> = {}): HeldCheckpoint => ({
  ...{ path: `step-${step}`, step, state: 'good', counts: true, ended: true, loss: null },
  ...over,
});
const steps = (...all: number[]) => all.map((step) => held(step));
const removed = (...args: Parameters<typeof removable>) => removable(...args).map(({ path }) => path);

describe('domain: which checkpoints may be removed', () => {
  it('those behind the last ones', () => {
    assert.deepEqual(removed(steps(40, 80, 120, 160), keep, []), ['step-40', 'step-80']);
  });

  it('never one of the last two good ones, whatever the config says and however bad the newer ones are', () => {
    const worst = { ...keep, last: 0 };
    assert.deepEqual(removed(steps(40, 80), worst, []), []);
    const bad = [held(40), held(80), held(120, { state: 'bad' }), held(160, { state: 'bad' })];
    assert.deepEqual(removed(bad, worst, []), []);
    assert.deepEqual(removed([held(40)], worst, []), []);
  });

  it('never one that is in use', () => {
    assert.deepEqual(removed(steps(40, 80, 120, 160), keep, ['step-40']), ['step-80']);
  });

  it('not the first of every so many steps', () => {
    const every = { ...keep, everySteps: 100 };
    assert.deepEqual(removed(steps(40, 80, 120, 160, 200, 240, 280, 320), every, []), [
      'step-80',
      'step-160',
      'step-240',
    ]);
  });

  it('not those of the lowest loss', () => {
    const measured = [held(40, { loss: 3 }), held(80, { loss: 1 }), held(120, { loss: 2 }), held(160), held(200)];
    assert.deepEqual(removed(measured, { ...keep, best: 2 }, []), ['step-40']);
  });

  it('not the newest that is older than the patience of the spike detector, nor the oldest where none is', () => {
    const all = steps(40, 80, 120, 160, 200);
    assert.deepEqual(removed(all, { ...keep, olderThanSteps: 100 }, []), ['step-40', 'step-120']);
    assert.deepEqual(removed(all, { ...keep, olderThanSteps: 1000 }, []), ['step-80', 'step-120']);
  });

  it('also what the lineage passes by and what never became whole, once their attempt has ended', () => {
    const ghosts = [
      held(90, { counts: false }),
      held(91, { counts: false, ended: false }),
      held(92, { state: 'open' }),
      held(93, { state: 'open', ended: false }),
    ];
    assert.deepEqual(removed([...steps(160, 200), ...ghosts], keep, []), ['step-90', 'step-92']);
    assert.deepEqual(removed([held(200), ...ghosts], keep, []), []);
  });

  it('leaves bad ones to quarantine', () => {
    assert.deepEqual(removed([...steps(160, 200), held(40, { state: 'bad' })], keep, []), []);
  });
});
