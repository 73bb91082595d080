import assert from 'node:assert/strict';
import { calmed, fullPace, slowed } from '../../../domain/copy/pace.js';

describe('domain: the pace of a copy', () => {
  const at = (now: number, sentAt = now, retryAfterMs: number | null = null, chance = 1) => {
    return { now, sentAt, retryAfterMs, chance };
  };

  it('is halved by a refusal, and everything waits', () => {
    const { limit, resumeAt } = slowed(fullPace(32), at(1000));
    assert.deepEqual([limit, resumeAt], [16, 1500]);
  });

  it('is halved once by all that was under way at that moment', () => {
    let pace = slowed(fullPace(32), at(1000));
    for (let i = 0; i < 20; i++) pace = slowed(pace, at(1100, 900));
    assert.deepEqual([pace.limit, pace.resumeAt, pace.refusals], [16, 1500, 1]);
  });

  it('waits longer with each refusal in a row, half a minute at the most', () => {
    const pauses: number[] = [];
    let pace = fullPace(32);
    for (let now = 1000, i = 0; i < 9; i++, now = pace.resumeAt) {
      pace = slowed(pace, at(now));
      pauses.push(pace.resumeAt - now);
    }
    assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    assert.equal(pace.limit, 1);
  });

  it('rests as long as the service names at the least, also where only a later refusal names it', () => {
    assert.equal(slowed(fullPace(8), at(1000, 1000, 7000, 0)).resumeAt, 8000);
    const later = slowed(slowed(fullPace(8), at(1000)), at(1100, 900, 7000, 0));
    assert.equal(later.resumeAt, 8100);
  });

  it('is scattered by chance, never below what was named', () => {
    const resumed = [0, 0.5, 1].map((chance) => slowed(fullPace(8), at(0, 0, 4000, chance)).resumeAt);
    assert.deepEqual(resumed, [4000, 4500, 5000]);
  });

  it('comes back one by one, to no more than before', () => {
    let pace = slowed(fullPace(4), at(0));
    const limits = Array.from({ length: 12 }, () => (pace = calmed(pace, 4)).limit);
    assert.deepEqual(limits, [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
  });
});
