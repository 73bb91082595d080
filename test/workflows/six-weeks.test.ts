import assert from 'node:assert/strict';
import type { Schedule } from '../simulation/schedule.js';
import { playWorkflow } from '../simulation/workflow/play.js';
import { SimulationServer } from '../simulation/workflow/server.js';
import { historiesOf } from './executions.js';

const DAY = 86_400;
const FACES = ['failed', 'canceled', 'requeued', 'hang', 'survivors', 'warned', 'not-responding'] as const;
const WEEKS = { days: 42, preemptions: 500 };

/** A run with the default config, but for a poll every ten minutes and a checkpoint every hour: both cost no history, and much of this test's time. */
const quiet = (days: number): Schedule => ({
  ...{ seed: 0, steps: Math.round((days * DAY) / 30), stepSeconds: 30, checkpointSeconds: 3_600, bootSeconds: 20 },
  ...{ pollSeconds: 600, ownsCluster: false, resumesInPlace: true, poison: [], faults: [] },
});

/** Nine tenths of the time are trained; each preemption costs some minutes. */
const stormy = ({ days, preemptions }: typeof WEEKS): Schedule => ({
  ...quiet(0.88 * days),
  ...{ checkpointSeconds: 600, pollSeconds: 300 },
  faults: Array.from({ length: preemptions }, (_, index) => ({
    at: Math.round(((index + 0.5) * days * DAY) / preemptions),
    kind: 'preempt',
    face: FACES[index % FACES.length] ?? 'failed',
  })),
});

describe('workflows: weeks with nobody watching', function () {
  this.timeout(180_000);
  let server: SimulationServer;
  before(async () => (server = await SimulationServer.start()));
  after(() => server.close());

  /** Plays a schedule and counts the events of the histories that it leaves. */
  async function events(schedule: Schedule) {
    const played = await playWorkflow(server, schedule);
    const lengths = (await historiesOf(server.env.client, played.sim.config.name)).map(
      (one) => one.events?.length ?? 0,
    );
    const total = lengths.reduce((sum, length) => sum + length, 0);
    assert.deepEqual([played.outcome, played.breaches], ['completed', []]);
    return { played, days: played.virtualHours / 24, total, longest: Math.max(...lengths), executions: lengths.length };
  }

  let perQuietDay = Infinity;

  it('B27 the default config lets a run go on for sixty days, at no more than 50 history events a quiet day', async () => {
    const short = await events(quiet(2));
    const long = await events(quiet(62));
    perQuietDay = (long.total - short.total) / (long.days - short.days);
    console.log(
      `      ${long.days.toFixed(1)} days in ${long.executions} executions, the longest of ${long.longest} events; ${perQuietDay.toFixed(1)} events a quiet day`,
    );
    assert.ok(long.days >= 60 && long.played.attempts === 1, `${long.played.attempts} attempts in ${long.days} days`);
    assert.ok(perQuietDay <= 50, `${perQuietDay} events a quiet day`);
    assert.ok(long.longest < 10_000);
  });

  it('B26 500 preemptions of every face in six weeks, and the run completes, at no more than 60 further events an attempt', async () => {
    const { played, days, total, longest, executions } = await events(stormy(WEEKS));
    const struck = [...played.struck].filter(([fault]) => fault.startsWith('preempt'));
    const preemptions = struck.reduce((sum, [, count]) => sum + count, 0);
    const perAttempt = (total - days * perQuietDay) / played.attempts;
    console.log(
      `      ${days.toFixed(1)} days, ${preemptions} preemptions, ${played.attempts} attempts, ${executions} executions, the longest of ${longest} events; ${perAttempt.toFixed(1)} further events an attempt`,
    );
    assert.equal(struck.length, FACES.length, struck.map(([fault]) => fault).join(', '));
    assert.ok(days >= 40 && preemptions >= 0.95 * WEEKS.preemptions, `${preemptions} preemptions in ${days} days`);
    assert.ok(longest < 10_000, `${longest} events`);
    assert.ok(perAttempt <= 60, `${perAttempt} events an attempt`);
  });
});
