import assert from 'node:assert/strict';
import { ApplicationFailureCategory } from '@temporalio/common';
import { endActivities } from '../../activities/end-job.js';
import { getCluster } from '../../azure/cluster.js';
import { closedAddress, otherCloud } from './support/clouds.js';
import { activities, azure, config, deps, place, unbound } from './support/deps.js';
import { answering } from './support/faults.js';
import { rawJob, submitRequest } from './support/jobs.js';
import { failure, run, runUntilDone } from './support/run.js';
import { end, endRequest, running } from './support/watching.js';

describe('activities: ending a job', function () {
  this.timeout(40_000);

  /** SIGTERM does not end it: from its cancel on it is CancelRequested for the emulator's ten seconds of grace. */
  const STUBBORN = `trap '' TERM; sleep 100 & wait; sleep 100`;
  const start = async (name: string, command: string, cluster = 'jobs') => {
    const asked = await submitRequest(name, command);
    await run(activities.submitJob, { ...asked, cluster: { ...asked.cluster, name: cluster } });
    await running(`${name}-p1-a001`);
  };
  const statusOf = async (name: string) => (await rawJob(`${name}-p1-a001`)).properties.status;

  it('asks for the cancel, looks again within ten seconds, and proves it by what Azure says; safe to repeat', async () => {
    await start('canceled', 'sleep 100');
    const { type, category, nextRetryDelay } = await failure(run(activities.endJob, endRequest('canceled')));
    assert.deepEqual(
      { type, category, nextRetryDelay },
      { type: 'JobStillEnding', category: ApplicationFailureCategory.BENIGN, nextRetryDelay: 10_000 },
    );
    const proven = { kind: 'proven', status: 'Canceled', because: 'Azure says Canceled', clusterDeleted: false };
    assert.deepEqual(await end(endRequest('canceled')), proven);
    assert.deepEqual(await run(activities.endJob, endRequest('canceled')), proven);
    assert.equal(await statusOf('canceled'), 'Canceled');
  });

  it('takes a job that Azure does not know for ended when two looks apart find it on no node', async () => {
    const { type, message } = await failure(run(activities.endJob, endRequest('nowhere')));
    assert.equal(type, 'JobStillEnding');
    assert.match(message, /does not know the job/);
    const proven = await end(endRequest('nowhere'));
    assert.deepEqual([proven.kind, proven.kind === 'proven' && proven.status], ['proven', 'NotFound']);
    assert.match(proven.because, /two looks .* found no node of nowhere-p1-a001/);
  });

  it('B6 proves nothing through a control plane that cannot be reached, and cancels nothing', async () => {
    const resourceManager = await closedAddress();
    const where = place('unreached', await otherCloud('down-again', () => ({ resourceManager })));
    const { type, category, nonRetryable, message } = await failure(
      run(activities.endJob, endRequest('unreached', {}, where), {
        // However long it was waited for before.
        heartbeatDetails: {
          seenAt: 1,
          waited: 1e6,
          noNodeSince: 1,
          absentSince: null,
          held: false,
          deletionAsked: false,
          neighbour: null,
        },
      }),
    );
    assert.deepEqual(
      { type, category, nonRetryable },
      { type: 'JobStillEnding', category: ApplicationFailureCategory.BENIGN, nonRetryable: false },
    );
    assert.match(message, /^Azure gives no answer: .*ECONNREFUSED/);
  });

  it('B6 asks again where Azure answers the cancel by an error, whatever error, and claims nothing', async () => {
    await start('refused', 'sleep 100');
    for (const status of [500, 403, 405]) {
      const { endJob } = unbound(endActivities(answering(deps, '/cancel', status)));
      const { type, category, nonRetryable, message } = await failure(run(endJob, endRequest('refused')));
      assert.deepEqual(
        { type, category, nonRetryable },
        { type: 'JobStillEnding', category: ApplicationFailureCategory.BENIGN, nonRetryable: false },
      );
      assert.match(message, new RegExp(`refused-p1-a001 is Running; POST .*/cancel failed \\(HTTP ${status}\\)`));
    }
    assert.equal(await statusOf('refused'), 'Running');
    await end(endRequest('refused'));
  });

  it('turns back from a job that lives, where only a 404 had said that it ended', async () => {
    await start('came-back', 'sleep 100');
    assert.deepEqual(await end(endRequest('came-back', { wanted: false })), {
      kind: 'alive',
      because: 'Azure says Running',
    });
    assert.equal(await statusOf('came-back'), 'Running');
    await end(endRequest('came-back'));
  });

  it('calls a person where a job that cannot end keeps its nodes on a cluster that is not the run’s own', async () => {
    await start('keeper', STUBBORN);
    const called = await end(endRequest('keeper'));
    assert.equal(called.kind, 'call-a-person');
    assert.match(called.because, /keeper-p1-a001 is CancelRequested and still holds nodes/);
    assert.notEqual(await getCluster(azure(), 'jobs'), null);
  });

  it('deletes the cluster that the run made where that alone frees the nodes', async () => {
    const { cluster } = config('squatter');
    const own = { ...cluster, name: 'squatted', nodes: 1 };
    const made = { place: place('squatter'), cluster: own, region: 'eastus', chain: 'chain-of-squatter' };
    await run(activities.ensureCluster, made);
    await start('squatter', STUBBORN, 'squatted');
    const asked = endRequest('squatter', { ownsCluster: true });
    const proven = await runUntilDone(activities.endJob, { ...asked, cluster: 'squatted' });
    assert.equal(proven.kind === 'proven' && proven.clusterDeleted, true);
    assert.equal(await getCluster(azure(), 'squatted'), null);
  });

  it('of two runs on one cluster stops one and leaves the other its nodes, though the cluster is the stopped one’s own', async () => {
    const { cluster } = config('owner');
    const shared = { ...cluster, name: 'shared', nodes: 2 };
    const made = { place: place('owner'), cluster: shared, region: 'eastus', chain: 'chain-of-owner' };
    await run(activities.ensureCluster, made);
    await start('owner', STUBBORN, 'shared');
    await start('guest', 'sleep 100', 'shared');
    const called = await end({ ...endRequest('owner', { ownsCluster: true }), cluster: 'shared' });
    assert.equal(called.kind, 'call-a-person');
    assert.match(called.because, /owner-p1-a001 .* still holds nodes .*; the cluster also runs guest-p1-a001/);
    assert.equal(await statusOf('guest'), 'Running');
    assert.notEqual(await getCluster(azure(), 'shared'), null);
    await end({ ...endRequest('guest'), cluster: 'shared' });
  });
});
