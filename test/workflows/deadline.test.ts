import assert from 'node:assert/strict';
import type { RunConfig } from '../../domain/config.js';
import type { RunEvent } from '../../domain/events.js';
import { type ConfigChanges, written } from '../domain/samples.js';
import type { Script } from './fake/azure.js';
import { FakeAzure } from './fake/index.js';
import { useServer } from './suite.js';

const HOUR_MS = 3_600_000;
/** Low-priority nodes never come. */
const queued: Script = { before: Array.from({ length: 5_000 }, () => 'Queued'), looks: 0, ending: 'runs-on' };

/** A step takes a look of 30 s: half an hour of the first phase, ten minutes of the second. */
const STEPS = { p1: 60, p2: 20 };
const trains = (phase: keyof typeof STEPS): Script => ({
  ...{ ending: 'completed', saves: [STEPS[phase]], looks: STEPS[phase] },
});

const alternatives = [
  { name: 'west', sku: 'Standard_NC4as_T4_v3', priority: 'low_priority' as const },
  { name: 'safe', sku: 'Standard_NC4as_T4_v3', priority: 'dedicated' as const },
];
const cluster = (others: RunConfig['cluster']['alternatives']): RunConfig['cluster'] => ({
  ...{ ...written().cluster, priority: 'low_priority', idleSecondsBeforeScaleDown: 120 },
  alternatives: others,
});
const within = (hours: number, over: ConfigChanges = {}): ConfigChanges => ({
  ...{ cluster: cluster(alternatives), deadline: { hours } },
  phases: [
    { name: 'p1', steps: STEPS.p1, globalBatch: 128, microBatch: 64, parameters: {} },
    { name: 'p2', steps: STEPS.p2, globalBatch: 128, microBatch: 64, initFrom: 'p1', parameters: {} },
  ],
  ...over,
});

const clustersIn = (azure: FakeAzure) => [...azure.jobs.values()].map(({ request }) => request.cluster.name);
const eventsIn = (azure: FakeAzure): RunEvent[] =>
  azure.journal.flatMap((entry) => (entry.type === 'event' ? [entry.event] : []));
const whys = (azure: FakeAzure) =>
  eventsIn(azure).flatMap((event) => (event.kind === 'cluster-chosen' ? [event.because] : []));

/** Low priority is a queue without end, dedicated nodes train. */
function scarce(): FakeAzure {
  const azure = new FakeAzure([]);
  azure.scriptFor = ({ cluster: { priority }, phase }) =>
    priority === 'dedicated' ? trains(phase === 'p1' ? 'p1' : 'p2') : queued;
  return azure;
}

describe('workflows: a run with a deadline', function () {
  this.timeout(60_000);
  const suite = useServer();

  it('moves to dedicated nodes when only they can keep it, not before, and keeps it', async () => {
    const azure = scarce();
    azure.clusterOurs = true;
    const run = await suite.start(azure, { over: within(3) });
    const report = await run.result();
    const ended = Date.parse(report.endedAt) - Date.parse(report.startedAt);
    assert.match(report.because, /^all 2 phases reached their last step, \d+ min before the deadline$/);
    assert.ok(ended < 3 * HOUR_MS, `done after ${ended / HOUR_MS} h`);
    // Nobody knows how fast it is at first: half of the time is kept for it. What is left behind p1 is tried on cheap nodes again.
    assert.deepEqual(clustersIn(azure), ['spot', 'safe', 'spot', 'safe']);
    assert.deepEqual(
      report.phases.flatMap(({ attempts }) => attempts.map(({ ending }) => ending)),
      ['moved-for-deadline', 'completed', 'moved-for-deadline', 'completed'],
    );
    const moved = eventsIn(azure).find(({ kind }) => kind === 'cluster-chosen');
    const after = ((moved?.at ?? 0) - Date.parse(report.startedAt)) / HOUR_MS;
    assert.ok(after > 0.8 && after < 0.95, `moved after ${after} h`);
    const words =
      /^moved to dedicated nodes \(cluster safe\): dedicated nodes need [0-9.]+ h for what is left.*; [0-9.]+ h until/;
    assert.match(whys(azure)[0] ?? '', words);
    assert.match(whys(azure)[1] ?? '', /^back to low-priority nodes \(cluster spot\)/);
    // The price is that of the nodes on which each attempt was.
    const dedicatedHours = (2 * (STEPS.p1 + STEPS.p2) * 30) / 3_600;
    assert.ok(Math.abs(report.cost.total - dedicatedHours * 18) < 0.05 * dedicatedHours * 18, `${report.cost.total}`);
    assert.deepEqual(azure.emptied, ['spot', 'safe'], 'every cluster that the run made is let go');
  });

  it('stays on low-priority nodes to the end where they keep it', async () => {
    const azure = new FakeAzure([
      { ending: 'preempted', saves: [30], looks: 30 },
      { ending: 'completed', saves: [60], looks: 30 },
      trains('p2'),
    ]);
    const run = await suite.start(azure, { over: within(4) });
    await run.result();
    assert.deepEqual(new Set(clustersIn(azure)), new Set(['spot']));
    assert.deepEqual(whys(azure), []);
  });

  it('tries the alternatives in their order after refusals, and leaves dedicated ones for the deadline', async () => {
    const refused: Script = { ending: 'no-capacity', looks: 0 };
    const azure = new FakeAzure([refused, refused, refused, trains('p1'), trains('p2')]);
    const run = await suite.start(azure, { over: within(100) });
    await run.result();
    assert.deepEqual(clustersIn(azure), ['spot', 'west', 'spot', 'west', 'spot']);
    const free = new FakeAzure([refused, refused, trains('p1'), trains('p2')]);
    const { deadline: _none, ...without } = within(1);
    await (await suite.start(free, { over: without })).result();
    assert.deepEqual(clustersIn(free), ['spot', 'west', 'safe', 'spot']);
  });

  it('says at once that nothing keeps a deadline without dedicated nodes, and runs', async () => {
    const azure = new FakeAzure([trains('p1'), trains('p2')]);
    const run = await suite.start(azure, { over: within(1, { cluster: cluster([]) }) });
    await run.result();
    const alerts = eventsIn(azure).flatMap((event) => (event.kind === 'alert' ? [event.text] : []));
    assert.match(
      alerts[0] ?? '',
      /^the deadline is watched by nobody: cluster\.alternatives names no dedicated cluster/,
    );
  });

  it('waits for a person who wins it quota for cheap nodes until the deadline asks for dedicated ones', async () => {
    const azure = scarce();
    const dedicated = azure.scriptFor;
    azure.scriptFor = (request) =>
      request.cluster.priority === 'dedicated' ? dedicated?.(request) : { ending: 'over-quota' };
    const run = await suite.start(azure, { over: within(3) });
    const report = await run.result();
    assert.deepEqual(clustersIn(azure), ['spot', 'safe', 'spot', 'safe']);
    assert.match(report.because, /before the deadline$/);
    const held = eventsIn(azure).filter(({ kind }) => kind === 'held');
    assert.equal(held.length, 2);
  });

  it('does not move where the budget does not pay for it: it is late, and within its budget', async () => {
    const late: Script = { ...trains('p1'), before: Array.from({ length: 400 }, () => 'Queued') };
    const azure = new FakeAzure([late, trains('p2')]);
    const run = await suite.start(azure, { over: within(3, { cost: { currency: 'USD', budget: 10 } }) });
    const report = await run.result();
    assert.deepEqual(clustersIn(azure), ['spot', 'spot']);
    assert.ok(Date.parse(report.endedAt) - Date.parse(report.startedAt) > 3 * HOUR_MS);
    assert.match(report.because, /behind the deadline$/);
  });
});
