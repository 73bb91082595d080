import assert from 'node:assert/strict';
import { newMeasured } from '../../../domain/interval/measured.js';
import { type AutoInterval, intervalNow, intervalToBegin, secondsOf } from '../../../domain/interval/of-run.js';
import type { Heartbeat } from '../../../domain/trainer.js';
import { configWith } from '../samples.js';

const auto = (nodes = 2) => {
  const { cluster } = configWith();
  return configWith({ cluster: { ...cluster, nodes }, checkpoints: { everySeconds: 'auto', everySteps: undefined } });
};
const lost = (seconds: number, times: number) => ({
  ...newMeasured(),
  exposures: Array.from({ length: times }, () => ({ seconds, interrupted: true })),
});

/** A trainer that started at one o'clock, saved its newest checkpoint so many seconds later, and goes by an interval. */
function heartbeat(
  upSeconds: number | null,
  inForce: number | null,
  stall: Heartbeat['checkpointStall'] = null,
): Heartbeat {
  const from = Date.parse('2026-11-23T01:00:00.000Z');
  return {
    ...{ format: 'bertha-heartbeat/1', incarnation: 'i1', sequence: 1, state: 'training', step: 9, totalSteps: 99 },
    ...{
      loss: null,
      sequencesPerSecond: null,
      checkpointStep: null,
      firstStepAt: null,
      at: '2026-11-23T01:00:00.000Z',
    },
    checkpointAt: upSeconds === null ? null : new Date(from + upSeconds * 1000).toISOString(),
    startedAt: new Date(from).toISOString(),
    checkpointStall: stall,
    control: inForce === null ? null : { sequence: 10_001, checkpointSeconds: inForce },
  };
}

describe('domain/interval: the interval of a run', () => {
  it("is the config's where that says one, and chosen where it says auto", () => {
    const fixed = configWith({ checkpoints: { everySeconds: 900, everySteps: undefined } });
    assert.deepEqual([intervalToBegin(fixed), secondsOf(fixed, 60)], [null, 900]);
    assert.deepEqual([intervalToBegin(configWith()), secondsOf(configWith(), 60)], [null, null]);
    assert.deepEqual([secondsOf(auto(), 60), secondsOf(auto())], [60, intervalToBegin(auto())?.seconds]);
  });

  it('begins longer on dedicated nodes, and shorter the more nodes there are to lose', () => {
    const config = auto();
    const dedicated = { ...config, cluster: { ...config.cluster, priority: 'dedicated' as const } };
    const [few, many, kept] = [config, auto(16), dedicated].map((one) => intervalToBegin(one)?.seconds ?? 0);
    assert.ok((many ?? 0) < (few ?? 0) && (few ?? 0) < (kept ?? 0), `${many} < ${few} < ${kept}`);
  });

  it('begins shorter where nodes were lost more often than expected', () => {
    const [calm = 0, rough = 0] = [newMeasured(), lost(600, 20)].map((one) => intervalToBegin(auto(), one)?.seconds);
    assert.ok(rough < calm / 2, `${rough} s after losses every ten minutes, ${calm} s before any`);
  });

  const running = (seconds: number): AutoInterval => ({
    ...{ nodes: 2, priority: 'low_priority', measured: newMeasured(), seconds },
  });

  it('stays as it is while the trainer has not begun, and where another would be little better', () => {
    assert.equal(intervalNow(running(400), heartbeat(null, null)), 400);
    const better = intervalNow(running(5), heartbeat(3600, null));
    assert.equal(intervalNow(running(5), heartbeat(3600, Math.round(better * 1.1))), Math.round(better * 1.1));
  });

  it('grows the longer its nodes stay, and with what a checkpoint costs', () => {
    const [young, old] = [600, 72_000].map((up) => intervalNow(running(30), heartbeat(up, null)));
    assert.ok((young ?? 0) * 2 < (old ?? 0), `${young} s, then ${old} s`);
    const costly = { checkpoints: 20, seconds: 1200, last: 60 };
    assert.ok(intervalNow(running(30), heartbeat(600, null, costly)) > 2 * (young ?? 0));
  });

  it('is that of the message in force, not of the begin', () => {
    assert.equal(intervalNow(running(30), heartbeat(null, 200)), 200);
  });
});
