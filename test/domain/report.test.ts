import assert from 'node:assert/strict';
import { duration } from '../../domain/duration.js';
import { reportText } from '../../domain/report-text.js';
import { type RunReport, runReportSchema } from '../../domain/report.js';
import { type RunFacts, summarize } from '../../domain/summary.js';
import type { Evaluation } from '../../domain/trainer.js';
import { attempt, checkpoint, config } from './samples.js';

const evaluation: Evaluation = {
  step: 360,
  heldOut: { mlm: 6, nsp: 0.69, mlmAccuracy: 0.1, nspAccuracy: 0.5 },
  unigram: 6.51,
  uniform: 7.62,
};
const second = {
  attempt: 2,
  jobName: 'demo-p1-a002',
  submittedAt: 660_000,
  trainingFrom: 700_000,
  keptUntil: 900_000,
  trainedUntil: 900_000,
  endedAt: 960_000,
  nodesFrom: 690_000,
};
const resumed = attempt({
  ...second,
  ending: 'completed',
  resumedFrom: checkpoint(120),
  keptStep: 360,
  firstStep: 121,
  lastStep: 360,
  lossFirst: 6.9,
  lossLast: 6.1,
});
const preempted = attempt({
  rejectedCheckpoints: [{ path: 'a001/step-140', reason: 'it has no whole manifest.json' }],
});

const facts = (over: Partial<RunFacts> = {}): RunFacts => ({
  config: config(),
  run: 'demo',
  outcome: 'completed',
  because: 'all 2 phases reached their last step',
  startedAt: 0,
  endedAt: 1_000_000,
  currency: 'USD',
  pricePerNodeHour: 3.6,
  attempts: [resumed, preempted],
  incidents: [{ at: 60_000, text: 'job demo-p1-a001 was not looked at for 1000 s' }],
  heads: { p1: checkpoint(360, { attempt: 'a002' }), p2: null },
  evaluations: { p1: evaluation, p2: null },
  model: { name: 'demo-bert', version: '12ab', path: 'runs/demo/p2' },
  dataset: { name: 'enwiki', contentId: '0123' },
  clusterNodesLeft: 0,
  ...over,
});

describe('domain: report', () => {
  it('holds what the published format asks for', () => {
    for (const over of [
      {},
      {
        model: null,
        dataset: null,
        attempts: [],
        heads: {},
        evaluations: {},
        pricePerNodeHour: null,
        clusterNodesLeft: null,
      },
    ]) {
      assert.deepEqual(runReportSchema.parse(summarize(facts(over))), summarize(facts(over)));
    }
  });

  it('lists attempts in their order, with where they resumed and what was kept', () => {
    const phase = summarize(facts()).phases[0];
    assert.deepEqual(
      phase?.attempts.map(({ job, ending, resumedFromStep, keptStep }) => [job, ending, resumedFromStep, keptStep]),
      [
        ['demo-p1-a001', 'preempted', 0, 120],
        ['demo-p1-a002', 'completed', 120, 360],
      ],
    );
    assert.deepEqual(phase.steps, { done: 360, planned: 360 });
    assert.equal(phase.sampleHash, 'hash-360');
  });

  it('takes the first loss from the first attempt and the last one from the last', () => {
    const { mlm } = summarize(facts()).phases[0]?.loss ?? assert.fail();
    assert.deepEqual(mlm, { first: 7.62, last: 6.1, heldOut: 6, unigram: 6.51, uniform: 7.62 });
  });

  it('counts preemptions, seconds and money over all attempts', () => {
    const { preemptions, seconds, cost } = summarize(facts());
    assert.equal(preemptions, 1);
    assert.deepEqual(seconds, { useful: 380, lost: 180, waiting: 440, wall: 1000 });
    assert.deepEqual([cost.nodeSeconds, cost.total], [1620, 1.62]);
  });

  it('lets a continued run begin with its first attempt, so that nothing is counted outside its time', () => {
    const { seconds, startedAt } = summarize(facts({ startedAt: 950_000 }));
    assert.equal(startedAt, new Date(0).toISOString());
    assert.deepEqual(seconds, { useful: 380, lost: 180, waiting: 440, wall: 1000 });
  });

  it('tells where every second went, by the events of the journal', () => {
    const events = [
      { sequence: 1, at: 0, kind: 'stage-started', stage: 'phase:p1' },
      { sequence: 2, at: 970_000, kind: 'stage-started', stage: 'finalize' },
    ] as const;
    const { goodput, seconds, phases } = summarize(facts({ events, dedicatedPricePerNodeHour: 36 }));
    const sum = goodput?.buckets.reduce((all, one) => all + one.seconds, 0);
    assert.equal(sum, seconds.wall);
    assert.deepEqual(
      goodput?.buckets.map(({ bucket, seconds: part }) => [bucket, part]),
      [
        ['queue', 90],
        ['boot', 70],
        ['useful', 380],
        ['lost-work', 180],
        ['finalizing', 180],
        ['decide', 70],
        ['closing', 30],
      ],
    );
    assert.equal(goodput.saving?.saved, 5.98);
    assert.equal(goodput.interruptions[0]?.job, 'demo-p1-a001');
    assert.deepEqual(phases[0]?.attempts[0]?.buckets, {
      queue: 60,
      boot: 60,
      useful: 180,
      'lost-work': 180,
      finalizing: 120,
    });
  });

  it('says all of it in text', () => {
    const text = reportText(summarize(facts()));
    for (const part of [
      '# Run demo: completed',
      '1 preemption\n',
      '| useful training | 6 min 20 s (38.0 %) |',
      'cost: 1.6200 USD: 1620 node-seconds of Standard_NC4as_T4_v3 (low priority, 3.6 USD a node and hour)',
      'model: demo-bert, version 12ab (runs/demo/p2)',
      '## Phase p1: 360 of 360 steps',
      'held out 6.000 (unigram 6.510, uniform 7.620), 0.510 nats below unigram',
      '| demo-p1-a002 | completed | 121 to 360 | 120 | 360 |',
      '- demo-p1-a001: node 1 preempted',
      '- checkpoint a001/step-140 refused: it has no whole manifest.json',
      '## What happened meanwhile\n\n- 1970-01-01T00:01:00.000Z  job demo-p1-a001 was not looked at for 1000 s\n',
      '- bertha show demo',
    ]) {
      assert.ok(text.includes(part), `${part}\nis not in\n${text}`);
    }
  });

  it('tells what each cluster cost where a run used several', () => {
    const { cluster, ...rest } = config();
    const dear = { name: 'dear', sku: cluster.sku, priority: 'dedicated' as const };
    const attempts = [{ ...resumed, cluster: 'dear', pricePerNodeHour: 36 }, preempted];
    const report = summarize(facts({ config: { ...rest, cluster: { ...cluster, alternatives: [dear] } }, attempts }));
    const { clusters, nodeSeconds, total } = report.cost;
    const sum = (of: (one: (typeof clusters)[number]) => number) => clusters.reduce((all, one) => all + of(one), 0);
    assert.deepEqual(
      clusters.map(({ name, priority }) => [name, priority]),
      [
        [cluster.name, 'low_priority'],
        ['dear', 'dedicated'],
      ],
    );
    assert.ok(Math.abs(sum((one) => one.total ?? NaN) - total) < 2e-4);
    assert.equal(
      sum((one) => one.nodeSeconds),
      nodeSeconds,
    );
    assert.match(
      reportText(report),
      /^cost: .* USD: 1620 node-seconds\n\n- .*\(low priority\)\n- dear: .* node-seconds of .* \(dedicated\)\n\nmodel/m,
    );
  });

  it('keeps the newest incidents and says how many more there were', () => {
    const incidents = Array.from({ length: 103 }, (_, index) => ({ at: index * 1000, text: `incident ${index}` }));
    const report = summarize(facts({ incidents }));
    assert.deepEqual([report.incidents.length, report.incidents[0]?.text], [100, 'incident 3']);
    assert.match(reportText(report), /- 3 older ones: bertha events demo\n/);
  });

  it('can be read from an older release, which named no incidents', () => {
    const { incidents, incidentsLeftOut, ...older } = summarize(facts());
    assert.deepEqual([incidents.length, incidentsLeftOut], [1, 0]);
    assert.doesNotMatch(reportText(older as RunReport), /happened meanwhile/);
  });

  it('has no hole where nothing is known', () => {
    const nothing = {
      attempts: [],
      heads: {},
      evaluations: {},
      model: null,
      pricePerNodeHour: null,
      startedAt: 5,
      endedAt: 5,
      outcome: 'failed',
    } as const;
    const text = reportText(summarize(facts(nothing)));
    assert.match(text, /model: none registered/);
    assert.match(text, /no price is known/);
    assert.doesNotMatch(text, /undefined|NaN|null|Infinity/);
  });

  it('says times as people do', () => {
    assert.deepEqual([0, 95.25, 725, 11_100, 1_047_600].map(duration), [
      '0.0 s',
      '95.3 s',
      '12 min 05 s',
      '3 h 05 min',
      '12 d 03 h',
    ]);
  });
});
