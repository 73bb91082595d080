import assert from 'node:assert/strict';
import { watchActivities } from '../../activities/watch.js';
import { type Control, carriedOver, changeControl, controlFile, newControl } from '../../domain/control.js';
import type { Heartbeat } from '../../domain/trainer.js';
import type { HeartbeatSight } from '../../domain/watch/sighting.js';
import { type WatchMemory, newWatch } from '../../domain/watch/memory.js';
import { activities, deps, store, unbound } from './support/deps.js';
import { answering, refusingWrites } from './support/faults.js';
import { submitRequest } from './support/jobs.js';
import { START, folderOf, writeHeartbeat } from './support/metrics.js';
import { failure, run } from './support/run.js';
import { end, endRequest, look, running, seenBefore, watchRequest } from './support/watching.js';

describe('activities: what a watch tells and what it says to the trainer', function () {
  this.timeout(30_000);
  before(async () => {
    await run(activities.submitJob, await submitRequest('newsy', 'sleep 100'));
    await running('newsy-p1-a001');
  });
  after(() => end(endRequest('newsy')));

  const beat = (said: Partial<Heartbeat> = {}, incarnation = 'i1') =>
    writeHeartbeat({ run: 'newsy', incarnation }, { step: 12, ...said });
  const heard: HeartbeatSight = {
    ...{ incarnation: 'i1', sequence: 1, state: 'training', step: 12 },
    ...{ warned: false, gone: false, stuck: false },
  };
  /** What the look before this one saw, ten seconds ago: a trainer in its loop. */
  const memory = (changes: Partial<WatchMemory> = {}): WatchMemory => {
    const tenSecondsAgo = Date.now() - 10_000;
    const seenAt = { jobSeenAt: tenSecondsAgo, trainerSeenAt: tenSecondsAgo };
    return { ...newWatch(), ...seenAt, status: 'Running', awaiting: null, heartbeat: heard, ...changes };
  };
  const asked = (changes: Partial<WatchMemory> = {}, control = newControl(0)) =>
    watchRequest('newsy', { memory: memory(changes), control });

  describe('news', () => {
    it('returns at once, with the alert, where the trainer was warned that its node is taken away', async () => {
      await beat({ sequence: 2, notice: { kind: 'sigterm', at: '2026-11-23T01:00:00.000Z' } });
      const seen = await look(asked());
      assert.deepEqual([seen.kind, seen.alerts], ['news', [{ kind: 'warned', incarnation: 'i1' }]]);
      assert.equal(seen.kind === 'news' && seen.due, null);
    });

    it('reads the heartbeat alone between two looks, and looks whole as soon as it gives notice', async () => {
      const justNow = Date.now() - 1000;
      const seen = seenBefore(memory({ jobSeenAt: justNow, trainerSeenAt: justNow }));
      const request = { ...asked(), rules: { ...asked().rules, pollSeconds: 30 } };
      await beat({ sequence: 2 });
      const { message, nextRetryDelay } = await failure(look(request, seen));
      assert.deepEqual([message, nextRetryDelay], ['newsy-p1-a001 gives no notice', 3000]);
      await beat({ sequence: 3, notice: { kind: 'sigterm', at: '2026-11-23T01:00:00.000Z' } });
      assert.deepEqual((await look(request, seen)).alerts, [{ kind: 'warned', incarnation: 'i1' }]);
    });

    it('says that a limit is passed, with the seconds that were observed, and says it again at the next look', async () => {
      await beat({ sequence: 1 });
      const seen = await look(asked({ clocks: { silent: 295 } }));
      const due = seen.kind === 'news' ? seen.due : null;
      assert.deepEqual([due?.limit, due?.do, due?.limitSeconds], ['silent', 'restart', 300]);
      assert.ok(due !== null && due.seconds >= 305 && due.seconds < 320, `${due?.seconds} s`);
      assert.deepEqual(
        seen.alerts.map((alert) => alert.kind === 'limit' && [alert.limit, alert.did]),
        [['silent', 'alert']],
      );
      const again = await look({ ...asked(), memory: seen.memory });
      assert.deepEqual([again.kind === 'news' && again.due?.do, again.alerts], ['restart', []]);
    });

    it('says no limit of a trainer that is told to leave: it is being ended, and each look would be news', async () => {
      await beat({ sequence: 1 });
      const stop = changeControl(newControl(0), { stop: 'after-checkpoint' }, 1);
      const { type } = await failure(look(asked({ clocks: { silent: 400 }, rungs: { silent: 1 } }, stop)));
      assert.equal(type, 'JobStillRunning');
    });

    it('asks for a checkpoint once where the step stands still for half of its limit', async () => {
      await beat({ sequence: 2 });
      const seen = await look(asked({ clocks: { stalled: 895 } }));
      assert.deepEqual(seen.kind === 'news' && [seen.due?.limit, seen.due?.do], ['stalled', 'request-checkpoint']);
      const { type } = await failure(look({ ...asked(), memory: seen.memory }));
      assert.equal(type, 'JobStillRunning');
    });

    it('tells its alert also where the storage takes no write: it is made once', async () => {
      await beat({ sequence: 2, notice: { kind: 'sigterm', at: '2026-11-23T01:00:00.000Z' } });
      const { watchJob } = unbound(watchActivities(refusingWrites(deps)));
      const control = changeControl(newControl(0), { checkpoint: true }, 1);
      const seen = await run(watchJob, asked({}, control), { scheduledTimestampMs: Date.now() });
      assert.deepEqual([seen.kind, seen.alerts], ['news', [{ kind: 'warned', incarnation: 'i1' }]]);
    });
  });

  describe('control.json', () => {
    const path = (incarnation: string) => `${folderOf({ run: 'newsy', incarnation })}/control.json`;
    const told = async (incarnation = 'i1') => (await store()).json(path(incarnation));
    const forget = async () => (await store()).remove(path('i1'));
    const watch = (control: Control) => failure(look(asked({}, control)));
    const checkpointNow = changeControl(newControl(0), { checkpoint: true, checkpointSeconds: 300 }, 1);

    beforeEach(async () => {
      await forget();
      await beat({ sequence: 2 });
    });

    it('is not written where there is nothing to say', async () => {
      await watch(newControl(0));
      assert.equal(await told(), null);
    });

    it('is written at every look until the trainer acknowledges it, and not after', async () => {
      await watch(checkpointNow);
      assert.deepEqual(await told(), controlFile(checkpointNow, 0, 0));
      await forget();
      await beat({ sequence: 3, control: { sequence: 10_000 } });
      await watch(checkpointNow);
      assert.deepEqual(
        await told(),
        controlFile(checkpointNow, 0, 0),
        'an older message was acknowledged, not this one',
      );
      await forget();
      await beat({ sequence: 4, control: { sequence: 20_000 } });
      await watch(checkpointNow);
      assert.equal(await told(), null);
      const more = changeControl(checkpointNow, { stop: 'after-checkpoint' }, 2);
      await watch(more);
      assert.deepEqual(await told(), controlFile(more, 0, 0), 'a newer message');
    });

    it('is written while Azure gives no answer too, to a trainer that nobody has heard of before', async () => {
      const silent = unbound(watchActivities(answering(deps, '/jobs/', 503)));
      const unheard = asked({ heartbeat: null, awaiting: 'first' }, checkpointNow);
      await failure(run(silent.watchJob, unheard, { scheduledTimestampMs: Date.now() }));
      assert.deepEqual(await told(), controlFile(checkpointNow, 0, 0));
    });

    it('carries a better checkpoint interval where that is left to what is measured, until the trainer goes by it', async () => {
      const measured = {
        exposures: Array.from({ length: 20 }, () => ({ seconds: 600, interrupted: true })),
        stalls: [],
      };
      const auto = { nodes: 2, priority: 'low_priority', measured, seconds: 3600 } as const;
      const choosing = async (control: Control) => {
        await failure(look({ ...asked({}, control), auto }));
        return (await told()) as { sequence: number; checkpointSeconds: number; checkpointNow: number } | null;
      };
      const saved = {
        startedAt: new Date(START).toISOString(),
        checkpointAt: new Date(START + 300_000).toISOString(),
      };
      await beat({ sequence: 2, ...saved });
      const first = await choosing(newControl(0));
      assert.equal(first?.sequence, 10_000);
      const seconds = first?.checkpointSeconds ?? 0;
      assert.ok(seconds >= 30 && seconds < 600, `${seconds} s where nodes were lost every ten minutes`);
      await forget();
      await beat({ sequence: 3, ...saved, control: { sequence: 10_000, checkpointSeconds: seconds } });
      assert.equal(await choosing(newControl(0)), null, 'it is in force');
      const wanted = changeControl(newControl(0), { checkpoint: true }, 1);
      const both = await choosing(wanted);
      assert.deepEqual([both?.sequence, both?.checkpointSeconds, both?.checkpointNow], [20_000, seconds, 1]);
    });

    it('of an earlier start is not repeated to one that Azure began in place: what is carried over is', async () => {
      await beat({ sequence: 1 }, 'i2');
      const seen = await look(asked({}, checkpointNow));
      const restarted = { kind: 'restarted-in-place', incarnation: 'i2', count: 1 };
      assert.deepEqual([seen.kind, seen.alerts], ['news', [restarted]]);
      assert.deepEqual([await told('i1'), await told('i2')], [null, null]);
      const carried = carriedOver(checkpointNow, 2);
      await failure(look({ ...asked({}, carried), memory: seen.memory }));
      assert.deepEqual(await told('i2'), controlFile(carried, 0, 0));
    });
  });
});
