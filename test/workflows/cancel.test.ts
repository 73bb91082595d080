import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeAzure } from './fake/azure.js';
import { endsCanceled } from './failure.js';
import { type RunHandle, useServer } from './suite.js';
import { eventually } from './waiting.js';

describe('workflows: canceling a run', function () {
  this.timeout(30_000);
  const suite = useServer('dev');

  it('cancels the job, proves that it ended and writes the report, when asked between two looks', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.start(azure, { over: seldom });
    await eventually('the watch waits for its second look', async () => (await pendingWatch(run))?.attempt === 2);
    await run.cancel();
    await endsCanceled(run);
    provenCanceled(azure);
  });

  it('does the same when asked while a look is under way', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.start(azure, { over: quickly });
    azure.onLook = async (look) => {
      if (look === 2) await run.cancel();
    };
    await endsCanceled(run);
    provenCanceled(azure);
    assert.equal(azure.looks, 2);
  });

  it('does the same when the look under way is the one that ends the segment', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.start(azure, { over: { watch: { ...quickly.watch, segmentHours: 0.00001 } } });
    azure.onLook = async (look) => {
      if (look === 2) await run.cancel();
    };
    await endsCanceled(run);
    provenCanceled(azure);
  });

  it('says in the journal whose cancel it is while the job still ends, for whoever takes the run up', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.start(azure, { over: quickly });
    await eventually('it is watched', () => Promise.resolve(azure.looks > 0));
    const known: boolean[] = [];
    azure.onCall = (activity) => {
      const isSaid = azure.journal.some((entry) => entry.type === 'event' && entry.event.kind === 'operator');
      if (activity === 'endJob') known.push(isSaid);
    };
    await run.executeUpdate('cancel', { args: [{ by: 'ada' }] });
    await endsCanceled(run);
    assert.equal(known.at(-1), true);
  });

  it('reports what the job did where it ended by itself before the cancellation reached it', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [120] }]);
    const run = await suite.start(azure, { over: quickly });
    azure.onLook = async (look) => {
      if (look === 2) await run.cancel();
    };
    await endsCanceled(run);
    assert.equal(azure.jobs.size, 1);
    const attempt = azure.report?.phases[0]?.attempts[0];
    assert.deepEqual(
      [azure.report?.outcome, attempt?.ending, azure.report?.phases[0]?.steps.done],
      ['canceled', 'preempted', 120],
    );
  });

  it('cancels a job whose submission was under way', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.start(azure, { over: quickly });
    azure.onCall = async (activity) => {
      if (activity !== 'submitJob') return;
      await run.cancel();
      // Azure takes its time with the PUT: longer than a run that does not wait for the answer needs to end.
      await Promise.race([run.result().catch(() => undefined), sleep(2_000)]);
    };
    await endsCanceled(run);
    await eventually('the job was made', () => Promise.resolve(azure.jobs.size === 1));
    provenCanceled(azure);
  });

  it('ends canceled where the submission under way fails after the request', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.start(azure, { over: quickly });
    azure.onCall = async (activity) => {
      if (activity !== 'submitJob') return;
      await run.cancel();
      throw new Error('the connection broke');
    };
    await endsCanceled(run);
    assert.equal(azure.jobs.size, 0);
    assert.equal(azure.report?.outcome, 'canceled');
  });

  it('ends at once where nothing has been submitted yet', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.start(azure, { over: quickly });
    azure.onCall = async (activity) => {
      if (activity === 'copyData') await run.cancel();
    };
    await endsCanceled(run);
    assert.equal(azure.jobs.size, 0);
    assert.equal(azure.report?.outcome, 'canceled');
  });
});

/** Real time passes here: two looks are half a second apart. */
const quickly = { watch: { pollSeconds: 0.5, segmentHours: 6, heartbeatSeconds: 10, metricsSeconds: 60 } };
const seldom = { watch: { ...quickly.watch, pollSeconds: 3 } };

function provenCanceled(azure: FakeAzure): void {
  assert.deepEqual(
    [...azure.jobs.values()].map(({ status }) => status),
    ['Canceled'],
  );
  assert.equal(azure.report?.outcome, 'canceled');
  assert.match(azure.report.because, /a001 canceled and proven ended/);
  assert.deepEqual(
    azure.report.phases[0]?.attempts.map(({ ending }) => ending),
    ['canceled-by-us'],
  );
  const last = azure.journal.at(-1);
  assert.equal(last?.type === 'event' ? last.event.kind : null, 'run-ended');
}

async function pendingWatch(run: RunHandle) {
  const { raw } = await run.describe();
  return raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'watchJob');
}
