import assert from 'node:assert/strict';
import { DEAD_SECONDS, meanSeconds, stallSeconds, writingSeconds } from '../../../domain/forecast/assumed.js';
import { courseOf } from '../../../domain/forecast/course.js';
import { goodputAt } from '../../../domain/forecast/goodput.js';
import { intervalsOf } from '../../../domain/forecast/intervals.js';
import { workOf } from '../../../domain/forecast/work.js';
import { goodputBound, optimalIntervalSeconds } from '../../../domain/interval/optimal.js';
import { priorFor } from '../../../domain/interval/prior.js';
import { reference } from './support.js';

describe('domain: goodput at an interval', () => {
  it('is what 20 million simulated seconds of interruptions at a constant rate leave', () => {
    const [interval, mean, stall, dead] = [600, 3600, 20, 300];
    assert.ok(Math.abs(goodputAt(interval, mean, stall, dead) - simulated(interval, mean, stall, dead)) < 0.01);
  });

  it('is nowhere above the bound, and reaches it at the best interval', () => {
    for (const [mean, stall, dead] of [
      [3600, 5, 600],
      [86_400, 20, 60],
      [600, 60, 300],
    ] as const) {
      const best = optimalIntervalSeconds(mean, stall);
      const bound = goodputBound(mean, stall, dead);
      assert.ok(Math.abs(goodputAt(best, mean, stall, dead) - bound) < 1e-9);
      for (const factor of [0.3, 0.8, 1.25, 3]) assert.ok(goodputAt(factor * best, mean, stall, dead) < bound);
    }
  });

  it('of an interval that can never be finished is next to nothing, and still a number', () => {
    assert.equal(goodputAt(1e6, 600, 5, 60), 0.01);
  });
});

describe('domain: the course of a run', () => {
  const config = reference();
  const on = { sku: 'Standard_NC24rs_v3', nodes: 16, gpus: 64, priority: 'low_priority' } as const;
  const course = (changes: Parameters<typeof reference>[0] = {}, nodes: Partial<typeof on> = {}) => {
    const found = courseOf(reference(changes), workOf(config), { ...on, ...nodes }, []);
    assert.ok(found !== null);
    return found;
  };

  it('of the reference on 64 V100 trains for two to six days: tuned code was published to need 44 h, without what the network costs', () => {
    const { trainingHours } = course();
    assert.ok(trainingHours.best > 44 && trainingHours.best < 60, JSON.stringify(trainingHours));
    assert.ok(trainingHours.worst < 150);
  });

  it('is longer than its training by what is lost, and every case is in order', () => {
    const { trainingHours, wallHours, goodput, interruptions } = course();
    for (const one of ['best', 'typical', 'worst'] as const)
      assert.ok(Math.abs(wallHours[one] * goodput[one] - trainingHours[one]) < 1e-6);
    assert.ok(goodput.best > goodput.typical && goodput.typical > goodput.worst);
    assert.ok(interruptions.best < interruptions.typical && interruptions.typical < interruptions.worst);
  });

  it('on dedicated nodes loses next to nothing', () => {
    const dedicated = courseOf(config, workOf(config), { ...on, priority: 'dedicated' }, []);
    assert.ok((dedicated?.goodput.typical ?? 0) > 0.97);
  });

  it('is longer with more evictions, and as certain of them as the config', () => {
    const [few, many] = [0.01, 0.2].map((evictionsPerNodeHour) => course({ forecast: { evictionsPerNodeHour } }));
    assert.ok((many?.wallHours.typical ?? 0) > (few?.wallHours.typical ?? 0));
    const { best, worst } = meanSeconds(reference({ forecast: { evictionsPerNodeHour: 0.2 } }), on);
    assert.equal(best, worst);
  });

  it('goes by the steps between checkpoints where the config counts them', () => {
    const { goodput } = course({ checkpoints: { everySteps: 10_000 } });
    assert.ok(goodput.typical < course().goodput.typical / 2);
  });

  it('has what the first interval of a run is chosen for, cautiously, between its typical and its worst case', () => {
    const { typical, worst } = meanSeconds(config, on);
    const { meanSeconds: believed } = priorFor(16);
    assert.ok(worst < believed && believed < typical, `${worst} < ${believed} < ${typical}`);
  });

  it('tells the interval of the config beside the best one, which is never worse', () => {
    const [found] = intervalsOf(config, workOf(config), []);
    const parameters = workOf(config)[0]?.parameters ?? NaN;
    assert.ok(found !== undefined && found.goodput !== null);
    assert.equal(found.seconds, 900);
    assert.ok(found.optimalGoodput >= found.goodput);
    assert.equal(found.deadSeconds, DEAD_SECONDS.low_priority.typical + writingSeconds(parameters).typical);
    assert.equal(found.stallSeconds, stallSeconds(parameters).typical);
  });
});

/** Segments of training and checkpoint, begun again after an interruption; dead time is not interrupted. */
function simulated(interval: number, mean: number, stall: number, dead: number): number {
  let state = 12_345;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  const next = () => -Math.log(1 - random()) * mean;
  let wall = 0;
  let useful = 0;
  for (let up = next(); wall < 2e7;) {
    if (up >= interval + stall) {
      up -= interval + stall;
      wall += interval + stall;
      useful += interval;
    } else {
      wall += up + dead;
      up = next();
    }
  }
  return useful / wall;
}
