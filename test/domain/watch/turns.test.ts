import assert from 'node:assert/strict';
import { Turns } from '../../../domain/watch/turns.js';

describe('domain: turns that are shared', () => {
  it('come at once to one who asks seldom', () => {
    const turns = new Turns(20);
    for (let at = 0; at < 10; at += 1) assert.equal(turns.next(at * 30_000), 0.05);
  });

  it('come round to a thousand in fifty seconds where twenty are given in one, and go on so', () => {
    const seen = playFor(600, 1000, () => 1);
    assert.ok(Math.max(...seen.perSecond.slice(1)) <= 21, `${Math.max(...seen.perSecond)} in one second`);
    for (const interval of seen.intervals) assert.ok(interval > 49 && interval < 51, `${interval} s`);
  });

  it('come four times as often to those who wait a quarter, and no more come in all', () => {
    const seen = playFor(600, 400, (asker) => (asker < 40 ? 0.25 : 1));
    const settled = seen.perSecond.slice(100);
    const mean = settled.reduce((sum, count) => sum + count, 0) / settled.length;
    assert.ok(mean > 19.8 && mean < 20.2, `${mean} in a second`);
    const [hasty = 0, other = 0] = [seen.last.get(0), seen.last.get(399)];
    assert.ok(Math.abs(other / hasty - 4) < 0.2, `${hasty} s and ${other} s`);
  });

  it('forget those who went away, within the time of a round', () => {
    const turns = new Turns(20);
    for (let asker = 0; asker < 1000; asker += 1) turns.next(0);
    assert.equal(turns.wait(0), 50);
    assert.equal(turns.wait(30_000), 20);
    assert.equal(turns.wait(60_000), 0);
    assert.equal(turns.next(60_000), 0.05);
  });

  it('do not come sooner where the clock goes back', () => {
    const turns = new Turns(1);
    turns.next(100_000);
    assert.equal(turns.wait(0), 1);
    assert.equal(turns.wait(100_500), 0.5);
  });
});

/** Askers that begin together, each coming again when it was told to. */
function playFor(seconds: number, askers: number, haste: (asker: number) => number) {
  const turns = new Turns(20);
  const queue = Array.from({ length: askers }, (_, asker) => ({ asker, at: 0 }));
  const perSecond = Array.from({ length: seconds }, () => 0);
  const last = new Map<number, number>();
  const intervals: number[] = [];
  for (;;) {
    const next = queue.reduce((soonest, one) => (one.at < soonest.at ? one : soonest));
    if (next.at >= seconds * 1000) return { perSecond, intervals, last };
    const pause = turns.next(next.at) * haste(next.asker);
    const second = Math.floor(next.at / 1000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
    if (next.at > 100_000) {
      intervals.push(pause);
      last.set(next.asker, pause);
    }
    next.at += pause * 1000;
  }
}
