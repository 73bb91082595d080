import assert from 'node:assert/strict';

import { type Exposure, meanSecondsAt, ratesOf } from '../../../domain/interval/interruptions.js';
import { priorFor } from '../../../domain/interval/prior.js';
import { seeded } from '../../house/random.js';

const HOUR = 3600;
const PRIOR = { meanSeconds: 4 * HOUR, weight: 0.5 };

const lost = (seconds: number): Exposure => ({ seconds, interrupted: true });
const ended = (seconds: number): Exposure => ({ seconds, interrupted: false });
const meanAt = (exposures: readonly Exposure[], age = 0): number => meanSecondsAt(ratesOf(exposures, PRIOR), age);

const near = (value: number, wanted: number, share = 1e-9): void =>
  assert.ok(Math.abs(value / wanted - 1) <= share, `${value}, not ${wanted}`);

describe('the mean time between interruptions', () => {
  it('is the prior before anything was seen', () => {
    near(meanAt([]), PRIOR.meanSeconds);
    near(meanAt([], 100 * HOUR), PRIOR.meanSeconds);
  });

  it('grows with time in which nothing happens, and falls with an interruption', () => {
    assert.ok(meanAt([ended(HOUR)]) > meanAt([]));
    assert.ok(meanAt([ended(10 * HOUR)]) > meanAt([ended(HOUR)]));
    assert.ok(meanAt([lost(300)]) < meanAt([]));
    assert.ok(meanAt([lost(300), lost(300)]) < meanAt([lost(300)]));
  });

  it('comes to the truth where interruptions come at a constant rate, whatever the prior', () => {
    const random = seeded(7);
    const seen = Array.from({ length: 400 }, () => lost(-Math.log(1 - random()) * HOUR));
    for (const meanSeconds of [HOUR / 20, 20 * HOUR])
      near(meanSecondsAt(ratesOf(seen, { ...PRIOR, meanSeconds }), 0), HOUR, 0.3);
  });

  it('is shorter for young nodes where young nodes were lost more often', () => {
    const seen = Array.from({ length: 20 }, (_, index) => lost(index % 2 === 0 ? 400 : 8 * HOUR));
    assert.ok(meanAt(seen, 0) < 1.2 * HOUR);
    assert.ok(meanAt(seen, HOUR) > 5 * HOUR);
  });

  it('forgets what is long ago', () => {
    const calm = Array.from({ length: 40 }, () => lost(10 * HOUR));
    const storm = Array.from({ length: 40 }, () => lost(500));
    assert.ok(meanAt([...calm, ...storm]) < meanAt([...storm, ...calm]));
  });

  it('counts an interruption in the class of age that it ends', () => {
    const many = Array.from({ length: 30 }, () => lost(600));
    assert.ok(meanAt(many, 599) < 800 && meanAt(many, 600) > 800);
  });
});

describe('the prior', () => {
  it('expects as many more interruptions as there are nodes that can be lost', () => {
    near(priorFor(8).meanSeconds, priorFor(1).meanSeconds / 8);
    assert.equal(priorFor(8).weight, priorFor(1).weight);
  });

  it('is outweighed by the first interruptions', () => {
    const prior = priorFor(1);
    const seen = Array.from({ length: 5 }, () => lost(500));
    assert.ok(meanSecondsAt(ratesOf(seen, prior), 0) < prior.meanSeconds / 4);
  });
});
