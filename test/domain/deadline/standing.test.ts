import assert from 'node:assert/strict';
import { deadlineAt } from '../../../domain/deadline/at.js';
import { isDue, standingOf } from '../../../domain/deadline/standing.js';
import { keptWords, standingWords } from '../../../domain/deadline/words.js';
import { HOUR, RULES } from './facts.js';

describe('domain: how a run stands with its deadline', () => {
  it('is a time, or hours from the begin of the run, or what an operator set', () => {
    const begin = Date.parse('2026-11-23T12:00:00Z');
    assert.equal(deadlineAt({ deadline: '2026-11-24T12:00:00+01:00' }, begin), begin + 23 * HOUR * 1000);
    assert.equal(deadlineAt({ deadline: { hours: 1.5 } }, begin), begin + 1.5 * HOUR * 1000);
    assert.equal(deadlineAt({}, begin), null);
    assert.deepEqual(
      [deadlineAt({ deadline: { hours: 1 } }, begin, { at: null }), deadlineAt({}, begin, { at: 5 })],
      [null, 5],
    );
  });

  it('needs the steps that are left at the pace of dedicated nodes, a twentieth more, starts and margin', () => {
    assert.equal(standingOf(RULES, 400, null, 0).needed, 600 * 20 * 1.05 + 1_000);
    assert.equal(standingOf({ ...RULES, fromStep: 900 }, null, null, 0).needed, 100 * 20 * 1.05 + 1_000);
    assert.equal(standingOf({ ...RULES, secondsPerStep: null }, 400, null, 0).needed, 5 * HOUR * 1.05 + 1_000);
  });

  it('goes by the pace that the watch sees once it has seen enough of it', () => {
    const seen = (seconds: number) => ({ steps: seconds / 10, seconds });
    assert.equal(standingOf(RULES, 0, seen(60), 0).needed, standingOf(RULES, 0, null, 0).needed, 'three looks');
    assert.equal(standingOf(RULES, 0, seen(600), 0).needed, 1_000 * 10 * 1.05 + 1_000);
    assert.equal(standingOf({ ...RULES, ratio: 0.5 }, 0, seen(600), 0).needed, 1_000 * 5 * 1.05 + 1_000);
  });

  it('is due in the moment in which dedicated nodes alone can keep it, and not before', () => {
    const at = RULES.at - standingOf(RULES, 0, null, 0).needed * 1000;
    assert.equal(isDue(standingOf(RULES, 0, null, at - 1_000)), false);
    assert.equal(isDue(standingOf(RULES, 0, null, at)), true);
  });

  it('is told in hours, minutes where it is short, and seconds where it is next to nothing', () => {
    const needs = 'dedicated nodes need 5.2 h for what is left, starts and margin included';
    assert.equal(standingWords({ needed: 5.2 * HOUR, left: 5.6 * HOUR }), `${needs}; 5.6 h until the deadline`);
    assert.equal(standingWords({ needed: 5.2 * HOUR, left: -600 }), `${needs}; 10 min behind the deadline`);
    assert.deepEqual(
      [keptWords(null, 0), keptWords(20_000, 0), keptWords(600_000, 0), keptWords(0, 2 * HOUR * 1000)],
      ['', ', 20 s before the deadline', ', 10 min before the deadline', ', 2.0 h behind the deadline'],
    );
  });
});
