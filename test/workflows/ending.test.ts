import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { FakeAzure } from './fake/index.js';
import { endsCanceled, failureOf } from './failure.js';
import { useServer } from './suite.js';

const done = [{ ending: 'completed', saves: [360] } as const, { ending: 'completed', saves: [120] } as const];

describe('workflows: what a run leaves behind', function () {
  this.timeout(30_000);
  const suite = useServer();

  it('waits until the nodes of a cluster that it made have left', async () => {
    const azure = new FakeAzure(done);
    Object.assign(azure, { clusterOurs: true, nodesStay: 3 });
    const run = await suite.start(azure);
    await run.result();
    assert.equal(azure.callsOf('nodesGone').length, 4);
    assert.match(lastSummary(azure), /cluster spot holds no node/);
  });

  it('completes with its model where nodes do not leave in time, and says so', async () => {
    const azure = new FakeAzure(done);
    Object.assign(azure, { clusterOurs: true, nodesStay: Infinity });
    const run = await suite.start(azure);
    assert.equal((await run.result()).outcome, 'completed');
    assert.match(lastSummary(azure), /cluster spot still held nodes 120 s past its idle time: look at it/);
  });

  it('does not wait for the nodes of a cluster that was there before', async () => {
    const azure = new FakeAzure(done);
    await (await suite.start(azure)).result();
    assert.deepEqual(azure.callsOf('nodesGone'), []);
  });

  it('proves the nodes gone also where it is canceled while it waits for them', async () => {
    const azure = new FakeAzure(done);
    Object.assign(azure, { clusterOurs: true, nodesStay: 1 });
    const run = await suite.start(azure);
    azure.onCall = async (activity) => {
      if (activity === 'nodesGone' && azure.nodesStay === 1) await run.cancel();
    };
    await endsCanceled(run);
    assert.equal(azure.report?.because, 'canceled on request; no job of the run is alive, cluster spot holds no node');
  });

  it('cancels a job of the run that it did not know of', async () => {
    const azure = new FakeAzure([...done, { ending: 'runs-on' }]);
    const run = await suite.start(azure);
    azure.onCall = (activity) => {
      const chain = azure.chains[0];
      if (activity === 'registerModel' && chain !== undefined)
        azure.put('stray', { place: { run: run.workflowId }, chain } as Parameters<FakeAzure['put']>[1]);
    };
    await run.result();
    assert.equal(azure.jobs.get('stray')?.status, 'Canceled');
    assert.match(lastSummary(azure), /stray canceled and proven ended/);
  });

  it('writes its report also where nothing can be proven, and says that', async () => {
    const azure = new FakeAzure([{ ending: 'user-error' }]);
    azure.onCall = (activity) => {
      if (activity === 'jobsAlive')
        throw ApplicationFailure.nonRetryable('listing jobs failed (HTTP 400)', 'Azure:permanent');
    };
    const run = await suite.start(azure);
    assert.match((await failureOf(run)).message, /3 attempts ended by errors/);
    assert.match(
      azure.report?.because ?? '',
      /what is left could not be stopped \(listing jobs failed \(HTTP 400\)\): look at the jobs/,
    );
  });
});

/** What the last stage said that was done. */
function lastSummary(azure: FakeAzure): string {
  const summaries = azure.journal.flatMap((entry) =>
    entry.type === 'event' && entry.event.kind === 'stage-done' ? [entry.event.summary] : [],
  );
  return summaries.at(-1) ?? '';
}
