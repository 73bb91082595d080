import assert from 'node:assert/strict';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { WatchDetails } from '../../domain/status.js';
import { tensorboardFolder } from '../../domain/paths.js';
import { newWatch } from '../../domain/watch/memory.js';
import { makeCheckpoint } from './support/checkpoints.js';
import { closedAddress, otherCloud } from './support/clouds.js';
import { activities, deps, place, store, unbound } from './support/deps.js';
import { answering } from './support/faults.js';
import { rawJob, submitRequest } from './support/jobs.js';
import { writeHeartbeat, writeMetrics } from './support/metrics.js';
import { failure, observe, run } from './support/run.js';
import { end, endRequest, look, running, seenBefore, watchRequest } from './support/watching.js';
import { watchActivities } from '../../activities/watch.js';

describe('activities: watching a job', function () {
  this.timeout(40_000);
  before(store);
  const now = () => ({ scheduledTimestampMs: Date.now() });

  describe('while it runs', () => {
    before(async () => {
      await run(activities.submitJob, await submitRequest('watched', 'sleep 100'));
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
      const failed = await failure(observe(activities.watchJob, watchRequest('watched'), now(), heartbeats));
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
      const { progress, memory } = heartbeats.at(-1) as WatchDetails;
      assert.deepEqual(progress, {
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
      // What a first look finds may be of a start before; the next heartbeat tells.
      assert.deepEqual([memory.status, memory.heartbeat?.step, memory.awaiting], ['Running', 12, 'first']);
    });

    it('a look that finds a new checkpoint brings the curve up to it; the next look leaves the curve alone', async () => {
      const folder = `${tensorboardFolder('watched', 'p1')}/`;
      const before = await (await store()).list(folder);
      assert.equal(before.length, 1, 'the look of the test before published it');
      await (await store()).remove(before[0]?.path ?? '');
      await failure(look(watchRequest('watched'), seenBefore({}, { checkpointStep: 10 })));
      assert.deepEqual(await (await store()).list(folder), []);
    });

    it('a look after the segment is over says so and where the training is', async () => {
      const result = await look(watchRequest('watched', { segmentSeconds: 60 }), {
        scheduledTimestampMs: Date.now() - 61_000,
      });
      assert.equal(result.kind, 'segment-over');
      assert.equal(result.memory.heartbeat?.step, 12);
    });

    it('a control plane that cannot be reached is a failure to be repeated, never a verdict', async () => {
      const resourceManager = await closedAddress();
      const cloud = await otherCloud('down', () => ({ resourceManager }));
      const asked = watchRequest('watched', { place: place('watched', cloud) });
      const longAgo = Date.now() - 86_400_000;
      for (const info of [{}, seenBefore({ jobSeenAt: longAgo, status: 'Running', absentSince: longAgo })]) {
        const { type, category, nonRetryable, message } = await failure(look(asked, info));
        assert.deepEqual(
          { type, category, nonRetryable },
          { type: 'JobStillRunning', category: ApplicationFailureCategory.BENIGN, nonRetryable: false },
        );
        assert.match(message, /^watched-p1-a001 cannot be seen: GET jobs\/watched-p1-a001 failed: .*ECONNREFUSED/);
      }
      assert.deepEqual((await rawJob('watched-p1-a001')).properties.status, 'Running');
    });

    it('storage that cannot be reached is no verdict either: the job is what Azure says, and nothing is told of it', async () => {
      const blobs = await closedAddress();
      const cloud = await otherCloud('no-blobs', () => ({ storage: `${blobs}/{account}` }));
      const asked = watchRequest('watched', { place: place('watched', cloud) });
      const heartbeats: unknown[] = [];
      const failed = await failure(observe(activities.watchJob, asked, now(), heartbeats));
      assert.match(failed.message, /^watched-p1-a001 is Running/);
      const { memory } = heartbeats.at(-1) as WatchDetails;
      assert.deepEqual(
        [memory.status, memory.trainerSeenAt, memory.heartbeat, memory.clocks],
        ['Running', null, null, {}],
      );
      assert.ok(memory.blind.storage !== undefined);
    });

    it('an HTTP 429 is no verdict, and each one in a row doubles the wait for the next look', async () => {
      const throttled = unbound(watchActivities(answering(deps, '/jobs/', 429)));
      const waits: unknown[] = [];
      const said: unknown[] = [];
      for (let count = 0; count < 4; count++) {
        const info = { ...now(), heartbeatDetails: said.at(-1) };
        const { type, nextRetryDelay } = await failure(
          observe(throttled.watchJob, watchRequest('watched'), info, said),
        );
        waits.push(type, nextRetryDelay);
      }
      const repeated = ['JobStillRunning', 14_000, 'JobStillRunning', 28_000, 'JobStillRunning', 56_000];
      assert.deepEqual(waits, [...repeated, 'JobStillRunning', 112_000]);
    });

    it('a look after it was canceled returns the ending, also where the segment is over', async () => {
      await end(endRequest('watched'));
      const seen = await look(watchRequest('watched', { segmentSeconds: 1 }), { scheduledTimestampMs: 1 });
      assert.deepEqual([seen.kind, seen.kind === 'ended' && seen.status, seen.alerts], ['ended', 'Canceled', []]);
    });
  });

  it('a job that Azure does not know has vanished when it is still unknown a minute later', async () => {
    const { type, message } = await failure(look(watchRequest('unknown')));
    assert.deepEqual(
      { type, message },
      {
        type: 'JobStillRunning',
        message: 'unknown-p1-a001 cannot be seen: Azure does not know the job; it is asked again',
      },
    );
    const minuteAgo = Date.now() - 61_000;
    const seen = await look(watchRequest('unknown', { memory: { ...newWatch(), absentSince: minuteAgo } }));
    assert.deepEqual([seen.kind, seen.kind === 'ended' && seen.status], ['ended', 'NotFound']);
  });
});
