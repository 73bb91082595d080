import assert from 'node:assert/strict';

import { createClock, secondsSince } from '../../emulator/clock.js';
import type { Job } from '../../emulator/entities/job.js';
import { newJob } from '../../emulator/jobs/newJob.js';
import { TimeLimits } from '../../emulator/jobs/timeLimits.js';
import { createDrivenClock } from './support/driven-clock.js';

describe('emulator: its clock', () => {
  it('waits longer than a timer of the system can', async () => {
    const clock = createClock(1);
    let fired = false;
    const off = clock.after(90 * 86_400, () => (fired = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    off();
    assert.equal(fired, false);
  });

  it('counts emulated seconds since a time of the wire', () => {
    const clock = createClock(100);
    const since = secondsSince(clock, new Date(Date.now() - 3000).toISOString());
    assert.ok(since >= 300 && since < 320, `${since} s`);
  });
});

describe('emulator: the time limit of a job', () => {
  it('counts from the first start, over all starts in place, and ends with the job', () => {
    const clock = createDrivenClock();
    const expired: string[] = [];
    const limits = new TimeLimits(clock, (job, reason) => expired.push(`${job}: ${reason}`));
    const timeout = { timeout: 'PT100S', jobLimitsType: 'Command' };
    const request = { limits: timeout, resources: { properties: null } } as Job['request'];
    const job = (name: string): Job => newJob(name, request, undefined, clock.now());
    const [late, ended] = [job('late'), job('ended')];
    limits.begin(late);
    clock.pass(500);
    assert.deepEqual(expired, []);
    for (const each of [late, ended]) {
      each.startedAt = clock.now().toISOString();
      limits.begin(each);
    }
    clock.pass(60);
    limits.begin(late);
    limits.end(ended);
    clock.pass(39);
    assert.deepEqual(expired, []);
    clock.pass(1);
    assert.deepEqual(expired, ['late: The job exceeded its limit of PT100S.']);
  });
});
