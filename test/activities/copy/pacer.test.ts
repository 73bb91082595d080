import assert from 'node:assert/strict';
import { Pacer } from '../../../azure/copy/pacer.js';

/** A clock that stands still until it is told to move. */
function drivenClock() {
  let now = 0;
  const waits: { until: number; wake: () => void }[] = [];
  return {
    now: () => now,
    chance: () => 1,
    wait: (ms: number) => new Promise<void>((wake) => waits.push({ until: now + ms, wake })),
    async to(moment: number) {
      now = moment;
      for (const { until, wake } of waits.splice(0)) {
        if (until <= now) wake();
        else waits.push({ until, wake });
      }
      await settled();
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('activities: turns of a copy', () => {
  const never = new AbortController().signal;
  const made = (most: number) => {
    const clock = drivenClock();
    const pacer = new Pacer(most, clock);
    const sent: number[] = [];
    const answers = new Map<number, () => void>();
    const send = (index: number, signal = never) =>
      pacer.turn(() => {
        sent.push(index);
        return new Promise<void>((resolve) => answers.set(index, resolve));
      }, signal);
    const answer = async (index: number) => {
      answers.get(index)?.();
      await settled();
    };
    return { clock, pacer, sent, send, answer };
  };

  it('are given to so many at once, to the others in the order in which they asked', async () => {
    const { sent, send, answer } = made(2);
    const all = [0, 1, 2, 3].map((index) => send(index));
    await settled();
    assert.deepEqual(sent, [0, 1]);
    await answer(1);
    assert.deepEqual(sent, [0, 1, 2]);
    for (const index of [0, 2, 3]) await answer(index);
    await Promise.all(all);
    assert.deepEqual(sent, [0, 1, 2, 3]);
  });

  it('are given to nobody while the service wants rest, and then to half as many', async () => {
    const { clock, pacer, sent, send, answer } = made(4);
    const first = [0, 1, 2, 3].map((index) => send(index));
    await settled();
    pacer.rest(clock.now(), 4000);
    for (const index of [0, 1, 2, 3]) await answer(index);
    await Promise.all(first);
    const rest = [4, 5, 6, 7].map((index) => send(index));
    await clock.to(4999);
    assert.deepEqual(sent, [0, 1, 2, 3], 'nothing before Retry-After and a quarter of it have passed');
    await clock.to(5000);
    assert.equal(sent.length, 4 + pacer.limit);
    assert.ok(pacer.limit < 4);
    for (const index of [4, 5, 6, 7, 4, 5, 6, 7]) await answer(index);
    await Promise.all(rest);
  });

  it('are not waited for by who is called off, neither in the queue nor in a rest', async () => {
    const { pacer, sent, send, answer } = made(1);
    const first = send(0);
    const called = new AbortController();
    const queued = send(1, called.signal);
    await settled();
    called.abort(new Error('called off'));
    await assert.rejects(queued, /called off/);
    pacer.rest(0, 60_000);
    const off = new AbortController();
    const resting = send(2, off.signal);
    await settled();
    off.abort(new Error('called off'));
    await assert.rejects(resting, /called off/);
    await answer(0);
    await first;
    assert.deepEqual(sent, [0]);
  });
});
