import assert from 'node:assert/strict';
import { clusterNamed } from '../../../domain/clusters.js';
import { deadlineRules } from '../../../domain/deadline/rules.js';
import { unkeepable } from '../../../domain/deadline/unkeepable.js';
import { configWith } from '../samples.js';
import { withDeadline } from './drive.js';
import { facts, measured } from './facts.js';

describe('domain: what a deadline asks of a run', () => {
  it('asks nothing without a deadline, or without dedicated nodes', () => {
    const config = withDeadline(10);
    const [phase] = config.phases;
    const spot = clusterNamed(config, undefined);
    assert.ok(phase);
    assert.equal(deadlineRules(config, phase, spot, facts(config, { at: null })), null);
    const alone = { ...config, cluster: { ...config.cluster, alternatives: [] } };
    assert.equal(deadlineRules(alone, phase, spot, facts(alone)), null);
  });

  it('counts later phases in steps of this one, and a start for each', () => {
    const config = configWith({
      ...withDeadline(10),
      phases: [
        ...withDeadline(10).phases,
        { name: 'p2', steps: 100, globalBatch: 256, microBatch: 64, parameters: {} },
      ],
    });
    const [phase] = config.phases;
    assert.ok(phase);
    const rules = deadlineRules(
      config,
      phase,
      clusterNamed(config, undefined),
      facts(config, { phases: { p1: measured('spot', 10, 200) } }),
    );
    assert.equal(rules?.steps, 2_000 + 100 * 2);
    assert.equal(rules?.overheadSeconds, 3 * 600 + 210);
  });
});

describe('domain: a deadline that leads nowhere', () => {
  it('is said at the start and by the plan', () => {
    const config = withDeadline(10);
    assert.equal(unkeepable(config), null);
    assert.match(
      unkeepable({ ...config, cluster: { ...config.cluster, alternatives: [] } }) ?? '',
      /^the deadline is watched by nobody/,
    );
    assert.equal(unkeepable(configWith()), null);
  });
});
