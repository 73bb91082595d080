import assert from 'node:assert/strict';
import { newPhase } from '../../../domain/attempts.js';
import { afterEnding } from '../../../domain/budgets.js';
import { clusterNamed } from '../../../domain/clusters.js';
import type { RunConfig } from '../../../domain/config.js';
import { deadlineAt } from '../../../domain/deadline/at.js';
import { clusterFor, holdUntil, pauseWithin } from '../../../domain/deadline/cluster-for.js';
import { type DeadlineFacts, deadlineRules } from '../../../domain/deadline/rules.js';
import { type DeadlineRules, isDue, standingOf } from '../../../domain/deadline/standing.js';
import { keptWords, standingWords } from '../../../domain/deadline/words.js';
import { unkeepable } from '../../../domain/deadline/unkeepable.js';
import { secondsOfStep } from '../../../domain/deadline/step-seconds.js';
import { attempt, configWith, written } from '../samples.js';
import { Looks, beat, running, status, trainer } from '../watch/looks.js';
import { withDeadline } from './drive.js';

const HOUR = 3_600;
const RULES: DeadlineRules = {
  ...{ at: 10 * HOUR * 1000, steps: 1_000, fromStep: 0, secondsPerStep: 20 },
  ...{ ratio: 1, overheadSeconds: 1_000, unknownSeconds: 5 * HOUR },
};

describe('domain: how a run stands with its deadline', () => {
  it('is a time, or hours from the begin of the run, or what an operator set', () => {
    const begin = Date.parse('2026-11-23T12:00:00Z');
    assert.equal(deadlineAt({ deadline: '2026-11-24T12:00:00+01:00' }, begin), begin + 23 * HOUR * 1000);
    assert.equal(deadlineAt({ deadline: { hours: 1.5 } }, begin), begin + 1.5 * HOUR * 1000);
    assert.equal(deadlineAt({}, begin), null);
    assert.deepEqual(
      [deadlineAt({ deadline: { hours: 1 } }, begin, { at: null }), deadlineAt({}, begin, { at: 5 })],
      [null, 5],
    );
  });

  it('needs the steps that are left at the pace of dedicated nodes, a twentieth more, starts and margin', () => {
    assert.equal(standingOf(RULES, 400, null, 0).needed, 600 * 20 * 1.05 + 1_000);
    assert.equal(standingOf({ ...RULES, fromStep: 900 }, null, null, 0).needed, 100 * 20 * 1.05 + 1_000);
    assert.equal(standingOf({ ...RULES, secondsPerStep: null }, 400, null, 0).needed, 5 * HOUR * 1.05 + 1_000);
  });

  it('goes by the pace that the watch sees once it has seen enough of it', () => {
    const seen = (seconds: number) => ({ steps: seconds / 10, seconds });
    assert.equal(standingOf(RULES, 0, seen(60), 0).needed, standingOf(RULES, 0, null, 0).needed, 'three looks');
    assert.equal(standingOf(RULES, 0, seen(600), 0).needed, 1_000 * 10 * 1.05 + 1_000);
    assert.equal(standingOf({ ...RULES, ratio: 0.5 }, 0, seen(600), 0).needed, 1_000 * 5 * 1.05 + 1_000);
  });

  it('is due in the moment in which dedicated nodes alone can keep it, and not before', () => {
    const at = RULES.at - standingOf(RULES, 0, null, 0).needed * 1000;
    assert.equal(isDue(standingOf(RULES, 0, null, at - 1_000)), false);
    assert.equal(isDue(standingOf(RULES, 0, null, at)), true);
  });

  it('is told in hours, minutes where it is short, and seconds where it is next to nothing', () => {
    const needs = 'dedicated nodes need 5.2 h for what is left, starts and margin included';
    assert.equal(standingWords({ needed: 5.2 * HOUR, left: 5.6 * HOUR }), `${needs}; 5.6 h until the deadline`);
    assert.equal(standingWords({ needed: 5.2 * HOUR, left: -600 }), `${needs}; 10 min behind the deadline`);
    assert.deepEqual(
      [keptWords(null, 0), keptWords(20_000, 0), keptWords(600_000, 0), keptWords(0, 2 * HOUR * 1000)],
      ['', ', 20 s before the deadline', ', 10 min before the deadline', ', 2.0 h behind the deadline'],
    );
  });
});

const facts = (config: RunConfig, over: Partial<DeadlineFacts> = {}): DeadlineFacts => ({
  ...{ at: deadlineAt(config, 0), startedAt: 0, phases: {} },
  ...over,
});

const measured = (cluster: string, steps: number, seconds: number) => ({
  ...newPhase('p1'),
  paces: { [cluster]: { steps, seconds } },
});

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

describe('domain: the watch and the deadline', () => {
  it('ends a preemptible job when only dedicated nodes can keep it, in the queue as in training, and not before', () => {
    const looks = new Looks();
    const due = looks.at + 5_000 * 1000;
    looks.rules = {
      ...looks.rules,
      deadline: { ...RULES, at: due, steps: 100, secondsPerStep: 20, overheadSeconds: 900 },
    };
    const queued = looks.forSeconds(HOUR, status('Queued'), () => trainer(null));
    assert.deepEqual([queued?.due.limit, queued?.due.do], ['deadline', 'restart']);
    assert.ok(Math.abs((queued?.after ?? 0) - (5_000 - 3_000)) <= looks.rules.pollSeconds, `after ${queued?.after} s`);
  });

  it('lets a job alone that gets on as fast as the time passes', () => {
    const looks = new Looks().started();
    const left = 2_000 + 90 * 30 * 1.05;
    looks.rules = {
      ...looks.rules,
      deadline: { ...RULES, at: looks.at + left * 1000, steps: 100, secondsPerStep: 30, overheadSeconds: 900 },
    };
    const passed = looks.forSeconds(2_600, running, (index) =>
      trainer(beat({ sequence: index + 10, step: index + 10 }), `i1/${index}`),
    );
    assert.equal(passed, null);
  });
});
