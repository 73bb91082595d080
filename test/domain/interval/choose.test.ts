import assert from 'node:assert/strict';

import { type IntervalFacts, chooseInterval, worthTelling } from '../../../domain/interval/choose.js';
import type { Exposure } from '../../../domain/interval/interruptions.js';
import { clearlyBest } from '../../../domain/interval/lookahead.js';
import { optimalIntervalSeconds } from '../../../domain/interval/optimal.js';
import { stallSeconds } from '../../../domain/interval/stall.js';
import { seeded } from '../../house/random.js';

const HOUR = 3600;
const BOUNDS = { shortestSeconds: 30, longestSeconds: 2 * HOUR };
const NOTHING: IntervalFacts = {
  exposures: [],
  upSeconds: 0,
  stalls: [],
  prior: { meanSeconds: 4 * HOUR, weight: 0.5 },
};

const losses = (...seconds: number[]): Exposure[] => seconds.map((up) => ({ seconds: up, interrupted: true }));
const chosen = (over: Partial<IntervalFacts>): number => chooseInterval({ ...NOTHING, ...over }, BOUNDS).seconds;

describe('the checkpoint interval', () => {
  it('is the optimum of the prior before anything was seen', () => {
    assert.equal(chosen({}), Math.round(optimalIntervalSeconds(4 * HOUR, 5)));
  });

  it('is shorter after interruptions, longer with calm, and longer the more a checkpoint costs', () => {
    assert.ok(chosen({ exposures: losses(400, 900) }) < chosen({}));
    assert.ok(chosen({ upSeconds: 5 * HOUR }) > chosen({ upSeconds: HOUR }));
    assert.ok(chosen({ stalls: [60, 60, 60] }) > chosen({ stalls: [5, 5, 5] }));
  });

  it('does not grow shorter by a loss that was announced and saved', () => {
    const saved = chosen({ exposures: [{ seconds: 900, interrupted: false }] });
    assert.ok(saved > chosen({ exposures: losses(900) }) && saved >= chosen({}));
  });

  it('keeps within its bounds, in whole seconds', () => {
    assert.equal(chosen({ stalls: Array.from({ length: 20 }, () => 0) }) >= BOUNDS.shortestSeconds, true);
    assert.equal(chosen({ exposures: losses(...Array.from({ length: 20 }, () => 20)) }), BOUNDS.shortestSeconds);
    assert.equal(chosen({ upSeconds: 1e7, stalls: [600, 600, 600, 600] }), BOUNDS.longestSeconds);
  });

  it('says why', () => {
    assert.equal(
      chooseInterval({ ...NOTHING, exposures: losses(400), upSeconds: 60 }, BOUNDS).because.replace(
        /in \d+ min/,
        'in N min',
      ),
      '1 interruption seen, nodes up for 60 s: the next one is expected in N min; a checkpoint costs 5.0 s',
    );
  });

  it('is worth telling where it differs by more than a fifth', () => {
    assert.deepEqual([worthTelling(100, 120), worthTelling(100, 121), worthTelling(100, 79)], [false, true, true]);
  });
});

describe('the interval that up-times speak for', () => {
  const moment = { upSeconds: 60, meanSeconds: 1_200, stallSeconds: 60 };
  const model = optimalIntervalSeconds(1_200, 60);

  it('ends its checkpoint before nodes are taken that are taken every ten minutes', () => {
    const exposures = losses(...Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? 1_800 : 600)));
    const interval = clearlyBest({ ...moment, exposures });
    assert.ok(interval > 1.2 * model && 60 + interval + 60 < 600, `${interval}, the model says ${model}`);
  });

  it('is the model’s where too few came so far, or none differs clearly', () => {
    assert.equal(clearlyBest({ ...moment, exposures: losses(600, 600, 600, 600) }), model);
    assert.equal(clearlyBest({ ...moment, exposures: losses(50, 50, 50, 50, 50, 50) }), model);
  });

  it('stays near the model’s where interruptions come at a constant rate', () => {
    const random = seeded(11);
    const ratios = Array.from({ length: 40 }, () => {
      const exposures = losses(...Array.from({ length: 40 }, () => -Math.log(1 - random()) * HOUR));
      return clearlyBest({ ...moment, upSeconds: 0, meanSeconds: HOUR, exposures }) / optimalIntervalSeconds(HOUR, 60);
    });
    const within = ratios.filter((ratio) => ratio > 0.6 && ratio < 1.7).length;
    assert.ok(within >= 34, ratios.map((ratio) => ratio.toFixed(2)).join(' '));
  });
});

describe('the stall of a checkpoint', () => {
  it('is five seconds before one was measured, then the mean', () => {
    assert.equal(stallSeconds([]), 5);
    assert.equal(stallSeconds([1, 1, 1, 1, 1, 1, 1, 1, 1]), 1.4);
  });

  it('is not carried away by one that hung', () => {
    const usual = Array.from({ length: 10 }, () => 4);
    assert.ok(stallSeconds([...usual, 600]) < 5.5);
  });
});
