import assert from 'node:assert/strict';
import { configWith } from '../domain/samples.js';
import { historiesOf } from './executions.js';
import { FakeAzure } from './fake/index.js';
import { type RunHandle, useServer } from './suite.js';

const DAY = 86_400;
const PREEMPTIONS = 500;
/** A look costs no history, and much of this test's time: few of them do where nobody is alarmed by that. All else is as by default. */
const BETWEEN_LOOKS_SECONDS = 4_200;
const { limits } = configWith({}).watch;
const over = { watch: { limits: { ...limits, blindSeconds: 2 * BETWEEN_LOOKS_SECONDS } } };
const looksOf = (days: number) => Math.ceil((days * DAY) / BETWEEN_LOOKS_SECONDS);
const phase2 = { ending: 'completed', saves: [120] } as const;

describe('workflows: weeks with nobody watching', function () {
  this.timeout(180_000);
  const suite = useServer();

  async function measured(run: RunHandle) {
    const report = await run.result();
    const histories = await historiesOf(suite.env.client, run.workflowId);
    const lengths = histories.map(({ events }) => events?.length ?? 0);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    return {
      report,
      days: report.seconds.wall / DAY,
      total,
      longest: Math.max(...lengths),
      executions: lengths.length,
    };
  }

  let perQuietDay = NaN;

  it('B27 the default config lets a run go on for sixty days, at no more than 50 history events a quiet day', async () => {
    const quiet = async (days: number) => {
      const steps = 1_000_000;
      const azure = new FakeAzure([{ ending: 'completed', saves: [steps], looks: looksOf(days) }]);
      azure.betweenLooksSeconds = BETWEEN_LOOKS_SECONDS;
      // A trainer that trains saves: without that no day would be quiet.
      azure.onLook = (look, job) => azure.save(job, look);
      const phases = [{ name: 'p1', steps, globalBatch: 128, microBatch: 64, parameters: {} }];
      return measured(await suite.start(azure, { over: { ...over, phases } }));
    };
    const short = await quiet(2);
    const long = await quiet(66);
    perQuietDay = (long.total - short.total) / (long.days - short.days);
    console.log(
      `      ${long.days.toFixed(1)} days in ${long.executions} executions, the longest of ${long.longest} events; ${perQuietDay.toFixed(1)} events a quiet day`,
    );
    assert.ok(long.days >= 60 && long.report.preemptions === 0);
    assert.ok(perQuietDay <= 50, `${perQuietDay} events a quiet day`);
    assert.ok(long.longest < 10_000);
  });

  it('B26 500 preemptions in six weeks, and the run completes, at no more than 60 further events an attempt', async () => {
    const storm = Array.from(
      { length: PREEMPTIONS },
      (_, index) => ({ ending: 'preempted', saves: [index < 359 ? index + 1 : 359], looks: 2 }) as const,
    );
    const azure = new FakeAzure([...storm, { ending: 'completed', saves: [360] }, phase2]);
    azure.betweenLooksSeconds = BETWEEN_LOOKS_SECONDS;
    const { report, days, total, longest, executions } = await measured(await suite.start(azure, { over }));
    const perAttempt = (total - days * perQuietDay) / PREEMPTIONS;
    console.log(
      `      ${report.preemptions} preemptions in ${days.toFixed(1)} days, ${executions} executions, the longest of ${longest} events; ${perAttempt.toFixed(1)} events an attempt`,
    );
    assert.deepEqual([report.outcome, report.preemptions, azure.mostAlive], ['completed', PREEMPTIONS, 1]);
    assert.ok(days >= 42, `${days} days`);
    assert.ok(perAttempt <= 60, `${perAttempt} events an attempt`);
    assert.ok(longest < 10_000);
  });
});
