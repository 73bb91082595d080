import assert from 'node:assert/strict';
import type { RunConfig } from '../../domain/config.js';
import { trainerParameters } from '../../domain/trainer-config.js';
import { config, configWith } from './samples.js';

/** What the first phase is told, with these parameters of the trainer and of the phase. */
function told(
  trainer: RunConfig['trainer']['parameters'],
  phase: RunConfig['trainer']['parameters'],
): Record<string, unknown> {
  const base = config();
  const first = base.phases[0];
  assert.ok(first !== undefined);
  return trainerParameters(
    { ...base, trainer: { ...base.trainer, parameters: trainer } },
    { ...first, parameters: phase },
  );
}

describe('domain: trainer parameters', () => {
  it('hands over what the supervisor decides', () => {
    const { steps, globalBatch, microBatch, checkpointSteps, checkpointSeconds, heartbeatSeconds, metricsSeconds } =
      told({}, {});
    assert.deepEqual([steps, globalBatch, microBatch, checkpointSteps, checkpointSeconds], [360, 128, 64, 40, null]);
    assert.deepEqual([heartbeatSeconds, metricsSeconds], [10, 60]);
  });

  it("lays the phase's parameters over the common ones, section by section", () => {
    const parameters = told(
      { seed: 42, model: { layers: 2, hiddenSize: 128 }, optimizer: { learningRate: 0.003 } },
      { seed: 7, model: { layers: 4 }, sequenceLength: 64 },
    );
    assert.equal(parameters['seed'], 7);
    assert.deepEqual(parameters['model'], { layers: 4, hiddenSize: 128 });
    assert.deepEqual(parameters['optimizer'], { learningRate: 0.003 });
    assert.equal(parameters['sequenceLength'], 64);
  });

  it('replaces lists, and sections by what is none', () => {
    const parameters = told({ stages: [1, 2], schedule: { name: 'linear' } }, { stages: [3], schedule: null });
    assert.deepEqual([parameters['stages'], parameters['schedule']], [[3], null]);
  });

  it('lets nothing override what the supervisor decides', () => {
    assert.equal(told({ steps: 1, globalBatch: 2 }, { checkpointSteps: 3 })['steps'], 360);
    assert.equal(told({}, { checkpointSteps: 3 })['checkpointSteps'], 40);
  });

  it('leaves the config as it was', () => {
    const common = { model: { layers: 2 } };
    told(common, { model: { layers: 4 } });
    assert.deepEqual(common, { model: { layers: 2 } });
  });

  it('names the samples that are passed over, in order, and only where there are any', () => {
    const base = config();
    const first = base.phases[0];
    assert.ok(first !== undefined);
    assert.ok(!('skipWindows' in trainerParameters(base, first)));
    const windows = [
      { from: 128, to: 256 },
      { from: 0, to: 64 },
    ];
    assert.deepEqual(trainerParameters(base, first, windows)['skipWindows'], [...windows].reverse());
  });

  it('names the lease, for a start to which nobody says until when it may spend', () => {
    const base = configWith({ cost: { currency: 'USD', leaseHours: 6 } });
    const first = base.phases[0];
    assert.ok(first !== undefined);
    assert.equal(trainerParameters(base, first)['spendSeconds'], 21_600);
    assert.ok(!('spendSeconds' in trainerParameters(config(), first)));
  });
});
