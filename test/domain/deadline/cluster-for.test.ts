import assert from 'node:assert/strict';
import { clusterNamed } from '../../../domain/clusters.js';
import { clusterFor, holdUntil, pauseWithin } from '../../../domain/deadline/cluster-for.js';
import { deadlineRules } from '../../../domain/deadline/rules.js';
import { type DeadlineRules, isDue, standingOf } from '../../../domain/deadline/standing.js';
import { configWith, written } from '../samples.js';
import { withDeadline } from './drive.js';
import { HOUR, RULES, facts, measured } from './facts.js';

describe('domain: where the next job goes', () => {
  const config = withDeadline(10);
  const [phase] = config.phases;
  const rulesAt = (p1 = measured('spot', 100, 1_000)) =>
    phase === undefined
      ? null
      : deadlineRules(config, phase, clusterNamed(config, undefined), facts(config, { phases: { p1 } }));
  const at = (hours: number, before: string | null = 'spot', over = {}) =>
    clusterFor(config, { now: hours * HOUR * 1000, deadline: rulesAt(), before, capacityWaits: 0, ...over });

  it('goes to the preemptible nodes first, and to dedicated ones when only they can keep the deadline, and says why', () => {
    assert.deepEqual([at(0, null).cluster.name, at(0, null).because], ['spot', null]);
    assert.deepEqual([at(3).cluster.name, at(3).because], ['spot', null]);
    const moved = at(4);
    assert.equal(moved.cluster.name, 'safe');
    assert.match(
      moved.because ?? '',
      /^moved to dedicated nodes \(cluster safe\): dedicated nodes need 6\.2 h .*; 6\.0 h until/,
    );
  });

  it('stays there for the rest, unless so much time is left that it could move once more', () => {
    assert.equal(at(3.5, 'safe').cluster.name, 'safe');
    const back = at(0, 'safe');
    assert.equal(back.cluster.name, 'spot');
    assert.match(back.because ?? '', /^back to low-priority nodes/);
  });

  it('tries the alternatives in their order, one after each refusal; with a deadline the dedicated ones wait for their time', () => {
    const three = configWith({
      cluster: {
        ...{ ...written().cluster, priority: 'low_priority', idleSecondsBeforeScaleDown: 120 },
        alternatives: [
          { name: 'west', sku: 'Standard_NC4as_T4_v3', priority: 'low_priority' },
          { name: 'safe', sku: 'Standard_NC4as_T4_v3', priority: 'dedicated' },
        ],
      },
    });
    const names = (deadline: DeadlineRules | null) =>
      [0, 1, 2, 3].map(
        (capacityWaits) => clusterFor(three, { now: 0, deadline, before: null, capacityWaits }).cluster.name,
      );
    assert.deepEqual(names(null), ['spot', 'west', 'safe', 'spot']);
    assert.deepEqual(names(RULES), ['spot', 'west', 'spot', 'west']);
    const { because } = clusterFor(three, { now: 0, deadline: null, before: 'spot', capacityWaits: 1 });
    assert.equal(
      because,
      'the next attempt goes to low-priority nodes (cluster west): 1 in a row were refused for want of capacity',
    );
  });

  it('does not sleep through the moment of the move', () => {
    const rules = rulesAt();
    const slack = 10 * HOUR - standingOf(rules ?? RULES, null, null, 0).needed;
    assert.equal(pauseWithin(HOUR, rules, (slack - 100) * 1000), 100);
    assert.deepEqual(
      [pauseWithin(60, rules, 0), pauseWithin(60, null, 0), pauseWithin(60, rules, 9 * HOUR * 1000)],
      [60, 60, 60],
    );
  });
});

describe('domain: a hold and the deadline', () => {
  const spot = { priority: 'low_priority' } as const;

  it('waits for a person who wins preemptible nodes their quota until only dedicated ones can keep the deadline', () => {
    const due = RULES.at - standingOf(RULES, null, null, 0).needed * 1000;
    assert.equal(holdUntil('quota-exceeded', spot, RULES, 0), due);
    assert.equal(holdUntil('sku-refused', spot, RULES, due + 1), due + 1, 'it is late already');
    assert.equal(isDue(standingOf(RULES, null, null, due)), true);
  });

  it('waits for a person alone where there is no deadline, where dedicated nodes were refused, and for what is no want of nodes', () => {
    assert.equal(holdUntil('quota-exceeded', spot, null, 0), null);
    assert.equal(holdUntil('quota-exceeded', { priority: 'dedicated' }, RULES, 0), null);
    assert.equal(holdUntil('preempted', spot, RULES, 0), null);
  });
});
