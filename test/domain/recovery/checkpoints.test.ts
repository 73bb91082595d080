import assert from 'node:assert/strict';
import { type Event, inWords, last, play, words } from './trace.js';

describe('domain: recovery: what is gone on from', () => {
  it('P with nothing yet: resumes from nothing, and says so aloud', () => {
    const [decision] = play([['preempted', null]]);
    assert.equal(decision?.action, 'resume');
    assert.match(decision.reason, /no checkpoint exists yet, so training starts again at step 0/);
  });

  it('fails after too many attempts in a row without a new checkpoint', () => {
    const stuck: Event[] = [['preempted', 120], ...Array<Event>(9).fill(['interrupted', 120])];
    const decisions = play(stuck, { userErrors: 9, attemptsWithoutProgress: 3 });
    assert.deepEqual(decisions.map(inWords), ['resume 120', 'resume 120', 'resume 120', 'fail']);
    const end = last(decisions);
    assert.equal(end?.action, 'fail');
    assert.equal(end.outcome, 'no-progress');
    assert.match(end.reason, /^NO_PROGRESS: 3 attempts in a row ended without a new checkpoint/);
  });

  it('counts anew after a new checkpoint', () => {
    const moving: Event[] = [
      ['interrupted', 40],
      ['interrupted', 40],
      ['interrupted', 80],
      ['interrupted', 80],
      ['interrupted', 120],
    ];
    assert.equal(last(play(moving, { userErrors: 9, attemptsWithoutProgress: 2 }))?.action, 'resume');
  });

  it('goes down to an older checkpoint, and takes the climb back neither for progress nor for a lack of it', () => {
    const ladder: Event[] = [
      ['preempted', 120],
      ['bad-checkpoint', 80],
      ['bad-checkpoint', 40],
      ['preempted', 60],
      ['completed', 360],
    ];
    assert.deepEqual(words(ladder), ['resume 120', 'resume 80', 'resume 40', 'resume 60', 'advance']);
    const without = play(ladder).map(({ phase }) => phase.withoutProgress);
    assert.deepEqual(without, [0, 1, 2, 2, 0]);
  });

  it('gives up a ladder without end', () => {
    const ladder = Array.from({ length: 20 }, (_, rung): Event => ['bad-checkpoint', 1000 - rung]);
    assert.equal(last(play([['preempted', 2000], ...ladder]))?.action, 'fail');
  });

  it('gives up a checkpoint that verifies and is refused each time it was made anew', () => {
    const cycle: Event[] = [
      ['preempted', 80],
      ...Array.from({ length: 20 }).flatMap((): Event[] => [
        ['preempted', 120],
        ['bad-checkpoint', 80],
      ]),
    ];
    const end = last(play(cycle));
    assert.equal(end?.action, 'fail');
    assert.equal(end.outcome, 'no-progress');
  });

  it('S at 495, found at 500, 480 trusted: goes on from there or below and passes over the samples between, three times', () => {
    const spike = (step: number): Event => [
      'loss-spike',
      440,
      { spike: { step: step - 5, before: step - 20, until: step } },
    ];
    const decisions = play([['preempted', 480], spike(500), spike(520), spike(540), spike(560)]);
    assert.deepEqual(decisions.map(inWords), ['resume 480', 'resume 440', 'resume 440', 'resume 440', 'fail']);
    assert.deepEqual(decisions[1]?.phase.skipWindows, [{ from: 480 * 128, to: 500 * 128 }]);
    const end = last(decisions);
    assert.equal(end?.action, 'fail');
    assert.equal(end.outcome, 'spikes');
  });

  it('N at 500, N at 500: once as it was, then from an older checkpoint past the samples that led there', () => {
    const nan: Event = ['nan', 480, { spike: { step: 500, before: null, until: 500 } }];
    const again: Event = ['nan', 440, { spike: { step: 500, before: null, until: 500 } }];
    const [, first, second] = play([['preempted', 480], nan, again]);
    assert.deepEqual([first?.phase.skipWindows, first?.phase.spikes, first?.phase.nanStep], [[], 0, 500]);
    assert.deepEqual(second?.phase.skipWindows, [{ from: 440 * 128, to: 500 * 128 }]);
    assert.equal(second?.phase.spikes, 1);
    const [passed] = play([['preempted', 480], nan, ['preempted', 520]]).slice(-1);
    assert.equal(passed?.phase.nanStep, null);
  });

  it('starts at step 0 by itself only where little is lost by it, and says so; else it waits for a person', () => {
    const [, little] = play([
      ['preempted', 36],
      ['bad-checkpoint', null],
    ]);
    assert.equal(little?.action, 'resume');
    assert.match(little.alert ?? '', /36 steps are lost/);
    const [, much] = play([
      ['preempted', 320],
      ['bad-checkpoint', null],
    ]);
    assert.equal(much?.action, 'hold');
    assert.match(much.reason, /starting again at step 0 would lose 320 steps/);
  });

  it('says that the interval is too long when five preemptions in a row came before a checkpoint', () => {
    const alerts = play(Array<Event>(11).fill(['preempted', null])).map((one) =>
      one.action === 'resume' ? one.alert !== null : null,
    );
    assert.deepEqual(
      alerts.flatMap((said, index) => (said === true ? [index + 1] : [])),
      [5, 10],
    );
  });
});
