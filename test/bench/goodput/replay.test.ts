import assert from 'node:assert/strict';

import { oracleFinish, oracleSeconds } from './oracle.js';
import type { Policy, World } from './policy.js';
import { azureAlone, azuremlBert } from './policies/azureml.js';
import { dstack } from './policies/dstack.js';
import { bertha, berthaRefused } from './policies/ours.js';
import { skypilot } from './policies/skypilot.js';
import { withFixed, withYoungDaly } from './policies/young-daly.js';
import { replay } from './replay.js';
import { type Series, unscored, upTimesOf } from './series.js';

/** A checkpoint costs 10 s, a start 60 s. */
const WORLD: World = { stallSeconds: 10, startSeconds: 60, noticeSeconds: 0, azure: 'ends-the-job' };
const IN_PLACE: World = { ...WORLD, azure: 'in-place' };

/** Up 1,000 s, away 100 s, up 400 s, away 1,000 s, up 200 s until the end. */
const SERIES: Series = {
  source: 'by hand',
  name: 'three up-times',
  nodes: 1,
  upTimes: [
    { from: 0, until: 1_000, interrupted: true },
    { from: 1_100, until: 1_500, interrupted: true },
    { from: 2_500, until: 2_700, interrupted: false },
  ],
  length: 2_700,
};

const usefulOf = (policy: Policy, world: World, series = SERIES): number => replay(policy, world, series, 0).useful;

describe('bench goodput: a series', () => {
  it('is up while enough nodes are there', () => {
    assert.deepEqual(upTimesOf([2, 4, 4, 3, 4, 4], 60, 4), [
      { from: 60, until: 180, interrupted: true },
      { from: 240, until: 360, interrupted: false },
    ]);
  });

  it('is listed, not scored, where nothing was up or nothing was lost', () => {
    assert.equal(unscored({ ...SERIES, upTimes: [] }), 'no up-time');
    assert.equal(unscored({ ...SERIES, upTimes: SERIES.upTimes.slice(2) }), 'no interruption');
    assert.equal(unscored(SERIES), null);
  });
});

describe('bench goodput: the oracle', () => {
  it('loses one start and one checkpoint an up-time', () => {
    assert.equal(oracleSeconds(SERIES, WORLD), 930 + 330 + 130);
    assert.equal(oracleSeconds(SERIES, { ...WORLD, startSeconds: 300 }), 690 + 90);
  });

  it('is done as soon as the work is saved', () => {
    assert.deepEqual(oracleFinish(SERIES, WORLD, 1_000), { at: 1_100 + 60 + 70 + 10, paid: 1_000 + 140 });
    assert.equal(oracleFinish(SERIES, WORLD, 2_000), null);
  });
});

describe('bench goodput: a replay', () => {
  it('keeps what whole checkpoints hold, and saves the last step of the run', () => {
    // 940 s: 8 x (100 + 10), 60 s lost; 340 s: 3 x 110, 10 s lost; the last up-time: 130 s, one checkpoint of 100 s and 20 s at the end.
    const { useful, checkpoints, starts, paid } = replay(withFixed(bertha, 100), WORLD, SERIES, 0);
    assert.deepEqual([useful, checkpoints, starts, paid], [800 + 300 + 120, 8 + 3 + 2, 3, 1_600]);
  });

  it('saves all but the notice where the notice is long enough for a checkpoint', () => {
    // 30 s before the end: 910 s of 8 cycles and 30 s more; 310 s of 2 cycles and 90 s more.
    assert.equal(usefulOf(withFixed(bertha, 100), { ...WORLD, noticeSeconds: 30 }), 830 + 290 + 120);
    assert.equal(usefulOf(withFixed(bertha, 100), { ...WORLD, noticeSeconds: 9 }), 1_220);
    assert.equal(usefulOf(withFixed(azuremlBert, 100), { ...IN_PLACE, noticeSeconds: 30 }), 1_220);
  });

  it('says when the work was done and what was paid by then', () => {
    const { finished } = replay(withFixed(bertha, 100), WORLD, SERIES, 950);
    assert.deepEqual(finished, { at: 1_100 + 200, paid: 1_000 + 200 });
    assert.equal(replay(withFixed(bertha, 100), WORLD, SERIES, 1e6).finished, null);
  });
});

/** Nodes are there again at once, so that nothing hides how long a policy takes. */
const AT_ONCE: Series = {
  ...SERIES,
  upTimes: [
    { from: 0, until: 1_000, interrupted: true },
    { from: 1_000, until: 3_000, interrupted: false },
  ],
  length: 3_000,
};

/** How long after the loss the nodes are held again. */
const awaySeconds = (policy: Policy, world: World): number => 3_000 - replay(policy, world, AT_ONCE, 0).paid;

describe('bench goodput: after an interruption', () => {
  it('bertha submits with the look that sees the end, or leaves a job to Azure that begins it again', () => {
    assert.equal(awaySeconds(bertha, WORLD), 1_020 + 5 - 1_000);
    assert.equal(awaySeconds(bertha, { ...WORLD, noticeSeconds: 30 }), 2 + 5);
    assert.equal(awaySeconds(bertha, IN_PLACE), 0);
  });

  it('bertha asks again after the pauses of its recovery policy where Azure refuses', () => {
    // Refused at 1,025 s and 1,090 s (60 s and 5 s more), granted at 1,215 s; refused at 1,520 s and four times more, then too late.
    const { paid, starts } = replay(berthaRefused, WORLD, SERIES, 0);
    assert.deepEqual([starts, paid], [2, 1_000 + 285]);
  });

  it('SkyPilot asks again after 60 s, 96 s and so on while there are no nodes', () => {
    assert.equal(awaySeconds(skypilot, WORLD), awaySeconds(bertha, WORLD));
    // Refused at 1,025 and 1,085 s, granted at 1,181 s; refused six times from 1,516 s on, granted at 2,671.36 s.
    const { paid, starts } = replay(skypilot, WORLD, SERIES, 0);
    assert.deepEqual([starts, paid.toFixed(2)], [3, (1_000 + 319 + 28.64).toFixed(2)]);
  });

  it('dstack calls a job interrupted after 2 min, and waits 15 s before it begins another', () => {
    assert.equal(awaySeconds(dstack, WORLD), 135);
  });

  it('Azure ML alone begins again at step 0, or waits for a person', () => {
    assert.equal(awaySeconds(azureAlone, IN_PLACE), 0);
    assert.equal(usefulOf(azureAlone, IN_PLACE, AT_ONCE), 2_000 - 60 - 10);
    assert.equal(usefulOf(azureAlone, WORLD, AT_ONCE), 0);
    assert.ok(usefulOf(withYoungDaly(azureAlone), IN_PLACE, AT_ONCE) > 2_000);
  });

  it('AzureML-BERT keeps whole epochs', () => {
    // 748 steps of 0.616 s are 460.8 s: two in the first up-time of 940 s would need 941.5 s.
    assert.ok(Math.abs(usefulOf(azuremlBert, IN_PLACE) - (460.8 + 130)) < 0.1);
  });
});
