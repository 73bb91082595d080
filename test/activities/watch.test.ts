import assert from 'node:assert/strict';
import type { Info } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { WatchRequest } from '../../activities/jobs.js';
import type { TrainingProgress } from '../../domain/status.js';
import { tensorboardFolder } from '../../domain/paths.js';
import { classifyEnding } from '../../domain/endings/classify.js';
import { makeCheckpoint } from './support/checkpoints.js';
import { closedAddress, otherCloud } from './support/clouds.js';
import { activities, place, store } from './support/deps.js';
import { evict, rawJob, submitRequest } from './support/jobs.js';
import { writeHeartbeat, writeMetrics } from './support/metrics.js';
import { failure, observe, run, runUntilDone } from './support/run.js';
import { until } from './support/until.js';

describe('activities: watching, canceling and explaining a job', function () {
  this.timeout(40_000);

  const request = (name: string, changes: Partial<WatchRequest> = {}): WatchRequest => ({
    ...{ place: place(name), phase: 'p1', attempt: 1, jobName: `${name}-p1-a001`, submittedAt: Date.now() },
    ...{ pollSeconds: 7, segmentSeconds: 3600, ...changes },
  });
  const now = () => ({ scheduledTimestampMs: Date.now() });
  const look = (asked: WatchRequest, info: Partial<Info> = now()) => run(activities.watchJob, asked, info);
  const start = async (name: string, command: string) => run(activities.submitJob, await submitRequest(name, command));
  const running = (job: string) =>
    until(`${job} to run`, async () => (await rawJob(job)).properties.status === 'Running');

  describe('while it runs', () => {
    before(async () => {
      await start('watched', 'sleep 100');
      await running('watched-p1-a001');
      await writeHeartbeat(
        { run: 'watched' },
        { step: 12, checkpointStep: 10, checkpointAt: '2026-11-23T01:00:10.000Z' },
      );
      await writeMetrics({ run: 'watched' }, 1, 1, 10);
      await makeCheckpoint({ run: 'watched', step: 10 });
    });

    it('a look fails BENIGN, names the poll interval as its next try, and heartbeats where the training is', async () => {
      const heartbeats: unknown[] = [];
      const failed = await failure(observe(activities.watchJob, request('watched'), now(), heartbeats));
      const { type, category, nextRetryDelay, nonRetryable, message } = failed;
      assert.deepEqual(
        { type, category, nextRetryDelay, nonRetryable },
        {
          type: 'JobStillRunning',
          category: ApplicationFailureCategory.BENIGN,
          nextRetryDelay: 7000,
          nonRetryable: false,
        },
      );
      assert.equal(message, 'watched-p1-a001 is Running at step 12');
      assert.deepEqual(heartbeats.at(-1), {
        ...{
          jobName: 'watched-p1-a001',
          jobStatus: 'Running',
          incarnation: 'i1',
          state: 'training',
          step: 12,
          totalSteps: 100,
        },
        ...{
          lossMlm: 6.5,
          sequencesPerSecond: 12.5,
          checkpointStep: 10,
          checkpointAt: 1795395610000,
          at: 1795395600000,
        },
      });
    });

    it('a look that finds a new checkpoint brings the curve up to it; the next look leaves the curve alone', async () => {
      const folder = `${tensorboardFolder('watched', 'p1')}/`;
      const before = await (await store()).list(folder);
      assert.equal(before.length, 1, 'the look of the test before published it');
      const heartbeatDetails = { checkpointStep: 10 } as TrainingProgress;
      await (await store()).remove(before[0]?.path ?? '');
      await failure(look(request('watched'), { ...now(), heartbeatDetails }));
      assert.deepEqual(await (await store()).list(folder), []);
    });

    it('a look after the segment is over says so and where the training is', async () => {
      const result = await look(request('watched', { segmentSeconds: 60 }), {
        scheduledTimestampMs: Date.now() - 61_000,
      });
      assert.equal(result.kind, 'segment-over');
      assert.equal(result.kind === 'segment-over' && result.progress.step, 12);
    });

    it('a control plane that cannot be reached is a failure to be repeated, never a verdict', async () => {
      const resourceManager = await closedAddress();
      const cloud = await otherCloud('down', () => ({ resourceManager }));
      const asked = request('watched', { place: place('watched', cloud), submittedAt: 0 });
      const { type, nonRetryable, message } = await failure(look(asked));
      assert.deepEqual({ type, nonRetryable }, { type: 'Azure:transient', nonRetryable: false });
      assert.match(message, /^GET jobs\/watched-p1-a001 failed: .*ECONNREFUSED/);
      assert.deepEqual((await rawJob('watched-p1-a001')).properties.status, 'Running');
    });

    it('a cancel is asked for, waited for until Azure says Canceled, and may be repeated', async () => {
      const asked = { place: place('watched'), jobName: 'watched-p1-a001', pollSeconds: 30 };
      const { type, category, nextRetryDelay } = await failure(run(activities.cancelJob, asked));
      assert.deepEqual(
        { type, category, nextRetryDelay },
        { type: 'JobStillEnding', category: ApplicationFailureCategory.BENIGN, nextRetryDelay: 10_000 },
      );
      assert.deepEqual(await runUntilDone(activities.cancelJob, asked), { status: 'Canceled' });
      assert.deepEqual(await run(activities.cancelJob, asked), { status: 'Canceled' });
      assert.equal((await rawJob('watched-p1-a001')).properties.status, 'Canceled');
    });

    it('a look after that returns the ending, also where the segment is over', async () => {
      assert.deepEqual(await look(request('watched', { segmentSeconds: 1 }), { scheduledTimestampMs: 1 }), {
        kind: 'ended',
        status: 'Canceled',
      });
    });
  });

  it('a job that Azure does not know has vanished, unless it was submitted a moment ago', async () => {
    const { type, message } = await failure(look(request('unknown')));
    assert.deepEqual({ type, message }, { type: 'JobStillRunning', message: 'unknown-p1-a001 is Unknown' });
    assert.deepEqual(await look(request('unknown', { submittedAt: Date.now() - 61_000 })), {
      kind: 'ended',
      status: 'NotFound',
    });
  });

  it('a job that Azure does not know needs no cancel', async () => {
    assert.deepEqual(
      await run(activities.cancelJob, { place: place('unknown'), jobName: 'unknown-p1-a001', pollSeconds: 1 }),
      { status: 'NotFound' },
    );
  });

  it('a cancel through a control plane that cannot be reached proves nothing', async () => {
    const resourceManager = await closedAddress();
    const cloud = await otherCloud('down-again', () => ({ resourceManager }));
    const { type, nonRetryable } = await failure(
      run(activities.cancelJob, { place: place('unknown', cloud), jobName: 'unknown-p1-a001', pollSeconds: 1 }),
    );
    assert.deepEqual({ type, nonRetryable }, { type: 'Azure:transient', nonRetryable: false });
  });

  describe('how it ended', () => {
    const evidenceOf = (name: string, status: 'Failed' | 'Canceled') =>
      run(activities.collectEvidence, {
        ...{ place: place(name), phase: 'p1', attempt: 1, jobName: `${name}-p1-a001`, cluster: 'jobs', status },
        ...{ endedByUs: null, finalCheckpointVerified: false },
      });

    it('is preempted after a node was taken away: the node by its name, and then by what Azure says of the job', async () => {
      const submitted = Date.now();
      const asked = await submitRequest('evicted', 'sleep 100');
      await run(activities.submitJob, { ...asked, cluster: { ...asked.cluster, nodes: 2 } });
      await running('evicted-p1-a001');
      await evict('evicted-p1-a001', 1);
      // A preempted node is listed only for as long as its replacement takes, the reason of the job stays.
      const soon = await evidenceOf('evicted', 'Failed');
      const ended = await runUntilDone(activities.watchJob, request('evicted'));
      assert.deepEqual(ended, { kind: 'ended', status: 'Failed' });
      const { evidence, nodesFrom, nodesUntil } = await evidenceOf('evicted', 'Failed');
      assert.equal(soon.evidence.preemptedNodes.length, 1);
      const atOnce = classifyEnding(soon.evidence);
      assert.match(atOnce.ending, /^(preempted|node-lost)$/);
      assert.match(atOnce.because, new RegExp(`^node ${soon.evidence.preemptedNodes[0]} preempted`));
      const later = classifyEnding({ ...evidence, preemptedNodes: [] });
      assert.equal(later.ending, 'preempted');
      assert.match(later.because, /PreemptionError/);
      assert.ok(nodesFrom !== null && nodesUntil !== null);
      assert.ok(submitted < nodesFrom && nodesFrom < nodesUntil && nodesUntil <= Date.now());
    });

    it('is a user error with the exit code and the last words of the log where the command fails', async () => {
      await start('broken', 'echo the vocabulary is empty; exit 3');
      assert.deepEqual(await runUntilDone(activities.watchJob, request('broken')), { kind: 'ended', status: 'Failed' });
      const { evidence } = await evidenceOf('broken', 'Failed');
      const { ending, because } = classifyEnding(evidence);
      assert.equal(ending, 'user-error');
      assert.match(because, /status code 3.*the vocabulary is empty/);
      assert.deepEqual([evidence.preemptedNodes, evidence.trainerStarted, evidence.lastWords], [[], false, null]);
    });

    it('takes the trainer at its last words where it left any, from its newest incarnation', async () => {
      const words = {
        reason: 'nan',
        message: 'the loss is NaN at step 7',
        step: 7,
        exitCode: 5,
        at: '2026-11-23T01:00:00.000Z',
      };
      const older = { ...words, reason: 'interrupted', message: 'told to stop' };
      for (const [incarnation, said] of [
        ['20261123T010000000Z-1', older],
        ['20261123T010100000Z-0', words],
      ] as const) {
        await (await store()).write(`runs/broken/p1/attempts/a001/${incarnation}/ending.json`, JSON.stringify(said));
      }
      const { evidence } = await evidenceOf('broken', 'Failed');
      const { ending, because, spike } = classifyEnding(evidence);
      assert.deepEqual([ending, because], ['nan', 'the trainer said: the loss is NaN at step 7 (exit code 5)']);
      assert.deepEqual(spike, { step: 7, before: null, until: 7 });
    });
  });
});
