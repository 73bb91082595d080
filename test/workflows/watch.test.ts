import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { STATUS_MEMO, type RunStatus } from '../../domain/status.js';
import { statusQuery } from '../../workflows/messages.js';
import { historiesOf } from './executions.js';
import { FakeAzure } from './fake/index.js';
import { useServer } from './suite.js';

const phase1 = { ending: 'completed', saves: [360] } as const;
const phase2 = { ending: 'completed', saves: [120] } as const;

/** A look every six hours of skipped time, a segment a day: what counts is the time that passes, not the number of looks. */
const days = { watch: { pollSeconds: 6 * 3600, segmentHours: 24, heartbeatSeconds: 10, metricsSeconds: 60 } };

describe('workflows: watching a job', function () {
  this.timeout(30_000);
  const suite = useServer();

  it('B28 watches for days across executions, submits nothing twice, and keeps every history short', async () => {
    const azure = new FakeAzure([{ ...phase1, looks: 26 }, phase2]);
    const run = await suite.start(azure, { over: days });
    const report = await run.result();
    assert.equal(report.outcome, 'completed');
    assert.equal(azure.callsOf('submitJob').length, 2);
    assert.equal(azure.callsOf('claimRun').length, 1);
    const lengths = (await historiesOf(suite.env.client, run.workflowId)).map(({ events }) => events?.length ?? 0);
    const simulatedDays = report.seconds.wall / 86_400;
    console.log(
      `      ${simulatedDays.toFixed(1)} days, ${azure.looks} looks, ${lengths.length} executions of ${lengths.join(', ')} events`,
    );
    assert.ok(simulatedDays > 5, `${simulatedDays} days`);
    assert.ok(lengths.length > 4, 'the run continued as new');
    assert.ok(Math.max(...lengths) < 250, `events per execution: ${lengths.join(', ')}`);
    assert.ok(Math.min(...lengths) < 25, `a segment costs few events: ${lengths.join(', ')}`);
  });

  it('says the same in the status query and in the memo, also behind a continue-as-new', async () => {
    const azure = new FakeAzure([{ ...phase1, looks: 8 }, phase2]);
    const run = await suite.start(azure, { over: days });
    const seen: { query: RunStatus; memo: RunStatus }[] = [];
    azure.onLook = async (look) => {
      if (look !== 2 && look !== 8) return;
      const { memo } = await run.describe();
      seen.push({ query: await run.query(statusQuery), memo: memo?.[STATUS_MEMO] as RunStatus });
    };
    await run.result();
    assert.equal(seen.length, 2);
    for (const { query, memo } of seen) {
      assert.deepEqual(memo, query);
      assert.equal(query.jobName, `${run.workflowId}-p1-a001`);
      assert.deepEqual([query.stage, query.attempt], ['phase:p1', 1]);
    }
  });

  it('keeps the lineage over a continue-as-new: the next attempt continues where the watched one was preempted', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [120], looks: 8 }, { ...phase1, looks: 8 }, phase2]);
    const run = await suite.start(azure, { over: days });
    const report = await run.result();
    assert.deepEqual(
      report.phases[0]?.attempts.map(({ ending, resumedFromStep }) => [ending, resumedFromStep]),
      [
        ['preempted', 0],
        ['completed', 120],
      ],
    );
  });

  it('keeps the history short where preemption follows preemption before a segment is over', async () => {
    const storm = Array.from({ length: 20 }, (_, index) => ({ ending: 'preempted', saves: [10 + index] }) as const);
    const azure = new FakeAzure([...storm, phase1, phase2]);
    const run = await suite.start(azure);
    const report = await run.result();
    const lengths = (await historiesOf(suite.env.client, run.workflowId)).map(({ events }) => events?.length ?? 0);
    console.log(
      `      ${report.preemptions} preemptions, ${lengths.length} executions of ${lengths.join(', ')} events`,
    );
    assert.equal(report.preemptions, 20);
    assert.ok(lengths.length > 1 && Math.max(...lengths) < 600, lengths.join(', '));
    const resumed = [...azure.jobs.values()].slice(1, 21).map(({ request }) => Number(request.resumeFrom?.slice(-9)));
    assert.deepEqual(
      resumed,
      storm.map(({ saves }) => saves[0]),
    );
  });

  it('neither cancels nor submits while the control plane cannot be read for hours', async () => {
    const azure = new FakeAzure([{ ...phase1, looks: 2 }, phase2]);
    azure.onLook = (look) => {
      if (look <= 12) throw ApplicationFailure.retryable('reading the job failed (HTTP 503)', 'Azure:transient');
    };
    const over = { watch: { ...days.watch, pollSeconds: 1200, segmentHours: 6 } };
    const run = await suite.start(azure, { over });
    const report = await run.result();
    assert.ok(report.seconds.wall > 4 * 3600, `${report.seconds.wall} s`);
    leftAlone(azure);
  });

  it('leaves the job alone where Azure refuses to say how it is, and goes on when it does', async () => {
    const azure = new FakeAzure([{ ...phase1, looks: 2 }, phase2]);
    azure.onLook = (look) => {
      if (look <= 3)
        throw ApplicationFailure.nonRetryable('reading the job failed (HTTP 400): BadRequest', 'Azure:permanent');
    };
    const run = await suite.start(azure);
    assert.equal((await run.result()).outcome, 'completed');
    leftAlone(azure);
    const words = azure.journal.flatMap((entry) =>
      entry.type === 'event' && entry.event.kind === 'watch-blind' ? [entry.event.reason] : [],
    );
    assert.deepEqual(words, Array(3).fill('reading the job failed (HTTP 400): BadRequest'));
  });
});

function leftAlone(azure: FakeAzure): void {
  assert.deepEqual(azure.callsOf('endJob'), []);
  assert.equal(azure.callsOf('submitJob').length, 2);
  assert.equal(azure.jobs.size, 2);
}
