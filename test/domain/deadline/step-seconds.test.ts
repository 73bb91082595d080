import assert from 'node:assert/strict';
import { newPhase } from '../../../domain/attempts.js';
import { afterEnding } from '../../../domain/budgets.js';
import { clusterNamed } from '../../../domain/clusters.js';
import { secondsOfStep } from '../../../domain/deadline/step-seconds.js';
import { attempt, configWith } from '../samples.js';
import { withDeadline } from './drive.js';

describe('domain: the speed of a step', () => {
  const config = withDeadline(10);
  const [spot, safe] = [clusterNamed(config, 'spot'), clusterNamed(config, 'safe')];

  it('is what was measured, on other nodes by what they are', () => {
    const p1 = { spot: { steps: 100, seconds: 500 } };
    assert.equal(secondsOfStep(config, 'p1', spot, { p1 }), 5);
    assert.equal(secondsOfStep(config, 'p1', safe, { p1 }), 5, 'the same nodes');
    assert.equal(secondsOfStep(config, 'p1', { ...safe, nodes: 1 }, { p1 }), 10, 'half of them');
    assert.equal(secondsOfStep(config, 'p1', safe, { p1: { ...p1, safe: { steps: 10, seconds: 30 } } }), 3);
    const bigger = { ...safe, sku: 'Standard_NC24ads_A100_v4' };
    assert.equal(secondsOfStep(config, 'p1', bigger, { p1 }), 5, 'a model of unknown size: by the processes');
  });

  it('is that of another phase by its samples, then what the config says, and null where nobody knows', () => {
    const two = configWith({
      phases: [
        { ...config.phases[0]!, name: 'p1' },
        { ...config.phases[0]!, name: 'p2', globalBatch: 256 },
      ],
    });
    assert.equal(secondsOfStep(two, 'p2', spot, { p1: { spot: { steps: 100, seconds: 500 } } }), 10);
    assert.equal(secondsOfStep({ ...two, forecast: { samplesPerSecond: { p1: 64 } } }, 'p1', spot, {}), 2);
    assert.equal(secondsOfStep(two, 'p1', spot, {}), null);
  });

  it('goes by what was seen for a moment only where the config says nothing: a few looks may be wrong by half', () => {
    const p1 = { spot: { steps: 4, seconds: 90 } };
    assert.equal(secondsOfStep(config, 'p1', spot, { p1 }), 22.5);
    const said = { ...config, forecast: { samplesPerSecond: { p1: 64 } } };
    assert.equal(secondsOfStep(said, 'p1', spot, { p1 }), 2);
    assert.equal(secondsOfStep(said, 'p1', spot, { p1: { spot: { steps: 200, seconds: 600 } } }), 3);
  });

  it('is remembered from attempt to attempt, by cluster', () => {
    const once = afterEnding(newPhase('p1'), attempt({ cluster: 'spot', pace: { steps: 10, seconds: 50 } }), null);
    const twice = afterEnding(once, attempt({ cluster: 'safe', pace: { steps: 10, seconds: 20 } }), null);
    const silent = afterEnding(twice, attempt({ cluster: 'spot', pace: { steps: 0, seconds: 0 } }), null);
    assert.deepEqual(silent.paces, { spot: { steps: 10, seconds: 50 }, safe: { steps: 10, seconds: 20 } });
  });
});
