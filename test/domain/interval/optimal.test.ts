import assert from 'node:assert/strict';

import { goodputBound, optimalIntervalSeconds, youngDalySeconds } from '../../../domain/interval/optimal.js';

const MINUTE = 60;
const HOUR = 3600;

/** C s, M h, R min, τ* min, G*: the table of the peers' study, 4.3, checked there by simulation. */
const TABLE = [
  [5, 24, 10, 15.4, 0.983],
  [5, 12, 10, 10.9, 0.971],
  [5, 4.9, 3, 6.9, 0.967],
  [5, 4.9, 10, 6.9, 0.944],
  [5, 4.9, 30, 6.9, 0.886],
  [5, 2.4, 10, 4.8, 0.904],
  [20, 4.9, 10, 13.8, 0.922],
  [60, 4.9, 10, 23.6, 0.89],
  [5, 1, 10, 3.1, 0.813],
] as const;

/** Share of time kept by an interval, from the same model. */
const goodput = (interval: number, mean: number, stall: number, dead: number): number =>
  interval / ((mean + dead) * Math.expm1((interval + stall) / mean));

describe('the optimal interval', () => {
  for (const [stall, hours, dead, minutes, share] of TABLE)
    it(`is ${minutes} min for a stall of ${stall} s and an interruption in ${hours} h; ${dead} dead minutes leave ${share}`, () => {
      const mean = hours * HOUR;
      assert.equal(Math.abs(optimalIntervalSeconds(mean, stall) / MINUTE - minutes) <= 0.06, true);
      assert.equal(Math.abs(goodputBound(mean, stall, dead * MINUTE) - share) <= 0.0006, true);
    });

  it('keeps more than any neighbour of it, and exactly what the bound says', () => {
    for (const stall of [0.1, 5, 60, 600])
      for (const mean of [300, HOUR, 100 * HOUR]) {
        const best = optimalIntervalSeconds(mean, stall);
        const kept = goodput(best, mean, stall, 300);
        assert.ok(kept >= goodput(best * 1.01, mean, stall, 300) && kept >= goodput(best * 0.99, mean, stall, 300));
        assert.ok(Math.abs(kept / goodputBound(mean, stall, 300) - 1) < 1e-9, `${stall} ${mean}`);
      }
  });

  it('comes to Young and Daly, less two thirds of the stall, where checkpoints cost nearly nothing', () => {
    for (const stall of [1e-3, 1e-6, 1e-9]) {
      const apart = youngDalySeconds(HOUR, stall) - optimalIntervalSeconds(HOUR, stall);
      assert.ok(Math.abs(apart / ((2 / 3) * stall) - 1) < 0.01, `${apart} for ${stall}`);
    }
    assert.equal(optimalIntervalSeconds(HOUR, 0), 0);
  });

  it('never passes the mean time between interruptions, however long a checkpoint takes', () => {
    assert.ok(optimalIntervalSeconds(HOUR, 3 * HOUR) < HOUR);
    assert.equal(optimalIntervalSeconds(HOUR, 1000 * HOUR), HOUR);
    assert.ok(youngDalySeconds(HOUR, 3 * HOUR) > HOUR);
  });
});
