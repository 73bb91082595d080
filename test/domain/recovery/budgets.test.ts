import assert from 'node:assert/strict';
import { type Event, inWords, last, play, words } from './trace.js';

describe('domain: recovery: what is tried again, and how often', () => {
  it('E, E, E: two retries, then the run fails with the last error', () => {
    const decisions = play(Array<Event>(9).fill(['user-error', null]));
    assert.deepEqual(decisions.map(inWords), ['resume from nothing', 'resume from nothing', 'fail']);
    const end = last(decisions);
    assert.equal(end?.action, 'fail');
    assert.match(
      end.reason,
      /^3 attempts ended by errors, more than recovery\.userErrors \(2\) allows; the last: because of user-error$/,
    );
    assert.equal(end.nextCommand, 'bertha logs demo');
  });

  it('never counts preemptions, however many come before the first checkpoint or after it', () => {
    const storm: Event[] = [
      ...Array<Event>(50).fill(['preempted', null]),
      ...Array<Event>(50).fill(['preempted', 120]),
    ];
    assert.equal(last(play(storm, { userErrors: 0, attemptsWithoutProgress: 1 }))?.action, 'resume');
    assert.equal(play(storm).length, 100);
  });

  it('does not give errors back because preemptions lie between them', () => {
    const mixed: Event[] = [
      ['user-error', 40],
      ['preempted', 80],
      ['nan', 120],
      ['preempted', 160],
      ['user-error', 200],
      ['user-error', 240],
    ];
    assert.deepEqual(words(mixed), ['resume 40', 'resume 80', 'resume 120', 'resume 160', 'resume 200', 'fail']);
  });

  it('fails at the first error where none is allowed', () => {
    assert.deepEqual(words([['user-error', null]], { userErrors: 0 }), ['fail']);
  });

  it('I x 6 without progress: retries with pauses that grow, then fails by its own budget', () => {
    const decisions = play(Array<Event>(9).fill(['never-started', null]));
    const pauses = decisions.map((decision) => (decision.action === 'resume' ? decision.waitSeconds : decision.action));
    assert.deepEqual(pauses, [0, 60, 120, 240, 480, 'fail']);
    const end = last(decisions);
    assert.equal(end?.action, 'fail');
    assert.equal(end.outcome, 'infrastructure-errors');
  });

  it('I I I 160+ I I I 200+: goes on, for a new checkpoint gives the budget back', () => {
    const faults: Event[] = Array.from({ length: 40 }, (_, index): Event => ['lost-peer', 40 * Math.floor(index / 3)]);
    assert.equal(last(play(faults))?.action, 'resume');
    assert.equal(play(faults).length, 40);
  });

  it('W x 9: waits longer each time, up to ten minutes, and never gives up', () => {
    const waits = play(Array<Event>(9).fill(['no-capacity', null])).map((one) =>
      one.action === 'resume' ? one.waitSeconds : null,
    );
    assert.deepEqual(waits, [60, 120, 240, 480, 600, 600, 600, 600, 600]);
  });

  it('takes out of memory at the first step for a mistake, and after a new checkpoint for the weather', () => {
    const leak: Event[] = Array.from({ length: 20 }, (_, index): Event => ['out-of-memory', 40 * (index + 1)]);
    assert.equal(last(play(leak))?.action, 'resume');
    assert.deepEqual(words(Array<Event>(9).fill(['out-of-memory', null])), [
      'resume from nothing',
      'resume from nothing',
      'fail',
    ]);
  });
});
