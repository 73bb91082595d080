import assert from 'node:assert/strict';

import { meets } from '../harness/bars.js';
import type { Fared, Outcome } from '../load/plan.js';
import { limitBars, limited } from './limits.js';

describe('bench: the limits of the emulator', () => {
  const fared = (statuses: Record<number, number>, withRetryAfter = 0): Fared => ({
    latencies: new Float64Array(),
    statuses,
    failures: {},
    withRetryAfter,
  });
  const outcome = (answered: number): Outcome => ({
    gets: fared({ 200: answered - 200, 429: 2000 }, 2000),
    listings: fared({ 200: 20, 429: 300 }, 300),
    pages: { 200: 200, 429: 300 },
    elapsed: 15,
    lastRefusal: 14,
    bytes: 0,
    sentLate: new Float64Array(),
  });

  it('count every page of a listing as a read, and reckon with the burst and the refill until the last refusal', () => {
    assert.deepEqual(limited(outcome(610)), {
      letThrough: 610,
      refused: 2300,
      refusedWithRetryAfter: 2300,
      expected: 600,
    });
  });

  it('are held to that within two seconds of refill', () => {
    const isMet = (answered: number): boolean => limitBars(limited(outcome(answered))).every(meets);
    assert.deepEqual([549, 550, 650, 651].map(isMet), [false, true, true, false]);
  });
});
