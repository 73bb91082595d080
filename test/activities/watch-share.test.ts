import assert from 'node:assert/strict';
import { Allowance } from '../../azure/allowance/allowance.js';
import { watchActivities } from '../../activities/watch.js';
import { Turns } from '../../domain/watch/turns.js';
import type { WatchDetails } from '../../domain/status.js';
import type { HeartbeatSight } from '../../domain/watch/sighting.js';
import { activities, deps, store, unbound } from './support/deps.js';
import { submitRequest } from './support/jobs.js';
import { writeHeartbeat } from './support/metrics.js';
import { failure, observe, run as submit } from './support/run.js';
import { end, endRequest, running, seenBefore, watchRequest } from './support/watching.js';

/** A job that the emulator does not know: whether it was asked for shows in what is said. */
const NAME = 'among-many';
const heartbeat: HeartbeatSight = {
  ...{ incarnation: 'i1', sequence: 1, state: 'training', step: 1, warned: false, gone: false, stuck: false },
};

describe('activities: a job among very many', function () {
  this.timeout(40_000);
  before(store);

  it('is not looked at while few reads are left, and what was seen of it is kept', async () => {
    const { watch, allowance } = watching();
    allowance.told('reads', 10, Date.now());
    const seenAt = Date.now() - 60_000;
    const said: unknown[] = [];
    const info = {
      scheduledTimestampMs: seenAt,
      ...seenBefore({ lookedAt: seenAt, jobSeenAt: seenAt, status: 'Running' }),
    };
    const failed = await failure(observe(watch.watchJob, watchRequest(NAME), info, said));
    assert.match(failed.message, /a little later: Azure leaves few reads/);
    const { memory, turnSeconds = 0 } = said.at(-1) as WatchDetails;
    assert.deepEqual([memory.jobSeenAt, memory.status], [seenAt, 'Running']);
    assert.ok(turnSeconds > 60 && turnSeconds < 62, 'the pause that was chosen is no lateness');
  });

  it('is looked at all the same where that goes on for five minutes', async () => {
    const { watch, allowance } = watching();
    allowance.told('reads', 10, Date.now());
    const info = { scheduledTimestampMs: Date.now(), ...seenBefore({ lookedAt: Date.now() - 301_000 }) };
    assert.match(
      (await failure(observe(watch.watchJob, watchRequest(NAME), info, []))).message,
      /does not know the job/,
    );
  });

  it('is looked at all the same where its heartbeat gives notice', async () => {
    const { watch, allowance } = watching();
    allowance.told('reads', 10, Date.now());
    await writeHeartbeat({ run: NAME }, { notice: { kind: 'SIGTERM', at: new Date().toISOString() } });
    const now = Date.now();
    const memory = { lookedAt: now, jobSeenAt: now, trainerSeenAt: now, status: 'Running', awaiting: null, heartbeat };
    const info = { scheduledTimestampMs: now, ...seenBefore(memory) };
    assert.match(
      (await failure(observe(watch.watchJob, watchRequest(NAME), info, []))).message,
      /does not know the job/,
    );
  });

  it('has its next look when all the others had theirs', async () => {
    const { watch, allowance } = watching();
    for (let other = 0; other < 1000; other += 1) allowance.lookTurn(Date.now(), 1);
    const said: unknown[] = [];
    // A job that nobody knows is in a hurry.
    const rules = { ...watchRequest(NAME).rules, pollSeconds: 20 };
    const { nextRetryDelay } = await failure(
      observe(watch.watchJob, watchRequest(NAME, { rules }), { scheduledTimestampMs: Date.now() }, said),
    );
    const seconds = Number(nextRetryDelay) / 1000;
    assert.ok(seconds > 22 && seconds < 26, `${seconds} s: half of fifty`);
    assert.equal((said.at(-1) as WatchDetails).turnSeconds, seconds);
  });

  it('has its heartbeat read no more often than the worker has time for', async () => {
    const { watch } = watching(1000);
    await writeHeartbeat({ run: NAME }, { step: 1 });
    const now = Date.now();
    const memory = { lookedAt: now, jobSeenAt: now, trainerSeenAt: now, status: 'Running', awaiting: null, heartbeat };
    const rules = { ...watchRequest(NAME).rules, pollSeconds: 600 };
    const info = { scheduledTimestampMs: now, ...seenBefore(memory) };
    const failed = await failure(observe(watch.watchJob, watchRequest(NAME, { rules }), info, []));
    assert.match(failed.message, /gives no notice/);
    const seconds = Number(failed.nextRetryDelay) / 1000;
    assert.ok(seconds > 48 && seconds < 52, `${seconds} s`);
  });

  it('was not away where it is looked at every two minutes only: its silence is counted on', async () => {
    const run = 'seldom-seen';
    await submit(activities.submitJob, await submitRequest(run, 'sleep 100'));
    await running(`${run}-p1-a001`);
    await writeHeartbeat({ run }, { step: 1 });
    const { watch } = watching();
    const ago = Date.now() - 120_000;
    const memory = { lookedAt: ago, jobSeenAt: ago, trainerSeenAt: ago, status: 'Running', awaiting: null, heartbeat };
    const before = seenBefore(memory).heartbeatDetails as WatchDetails;
    for (const [turnSeconds, awaiting] of [
      [120, null],
      [undefined, 'blindness'],
    ] as const) {
      const said: unknown[] = [];
      const heartbeatDetails = turnSeconds === undefined ? before : { ...before, turnSeconds };
      await failure(observe(watch.watchJob, watchRequest(run), { scheduledTimestampMs: ago, heartbeatDetails }, said));
      assert.equal((said.at(-1) as WatchDetails).memory.awaiting, awaiting);
    }
    await end(endRequest(run));
  });
});

/** @param glances that other jobs have had just now */
function watching(glances = 0) {
  const allowance = new Allowance();
  const turns = { glances: new Turns(20), verifications: new Turns(20) };
  for (let other = 0; other < glances; other += 1) turns.glances.next(Date.now());
  const connection: typeof deps.connection = (target) => ({ ...deps.connection(target), allowance });
  return { allowance, watch: unbound(watchActivities({ ...deps, turns, connection })) };
}
