import assert from 'node:assert/strict';
import { generate } from './generate.js';
import type { Schedule } from './schedule.js';
import { shrink } from './shrink.js';

/** Of many faults, and long ones. */
const long = (): Schedule => {
  const schedule = Array.from({ length: 200 }, (_, seed) => generate(seed)).find(({ faults }) => faults.length > 30);
  assert.ok(schedule);
  const down = { kind: 'azure-down', seconds: 40_000, how: 'error' } as const;
  return { ...schedule, bootSeconds: 900, faults: [...schedule.faults, { ...down, at: 7000.3 }] };
};
const seconds = ({ faults }: Schedule) =>
  Math.max(0, ...faults.map((fault) => (fault.kind === 'azure-down' ? fault.seconds : 0)));

describe('simulation: shortening a schedule', () => {
  it('leaves the one fault that it takes, no longer than it takes, in the plainest run', async () => {
    const short = await shrink(long(), async (schedule) => seconds(schedule) >= 1000, 2000);
    assert.equal(short.faults.length, 1);
    assert.ok(seconds(short) >= 1000 && seconds(short) < 2000, String(seconds(short)));
    assert.deepEqual([short.steps, short.bootSeconds, short.poison], [150, 20, []]);
    assert.equal(short.faults[0]?.at, 7000);
  });

  it('keeps two faults that it takes together', async () => {
    const isBroken = ({ faults }: Schedule) => {
      const preempted = faults.findIndex(({ kind }) => kind === 'preempt');
      return preempted >= 0 && faults.slice(preempted).some(({ kind }) => kind === 'azure-down');
    };
    const short = await shrink(long(), async (schedule) => isBroken(schedule), 2000);
    assert.deepEqual(
      short.faults.map(({ kind }) => kind),
      ['preempt', 'azure-down'],
    );
  });

  it('ends with what it has when its tries are spent, and that still breaks', async () => {
    let tries = 0;
    const breaks = async (schedule: Schedule) => ++tries > 0 && seconds(schedule) >= 1000;
    const short = await shrink(long(), breaks, 5);
    assert.equal(tries, 5);
    assert.ok(short.faults.length < long().faults.length && seconds(short) >= 1000);
  });

  it('gives back a schedule that breaks only as it is', async () => {
    const whole = long();
    assert.equal(await shrink(whole, async () => false, 2000), whole);
  });
});
