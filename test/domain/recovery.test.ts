import assert from 'node:assert/strict';
import { type PhaseState, newPhase } from '../../domain/attempts.js';
import type { CheckpointRef } from '../../domain/checkpoints.js';
import type { JobEnding } from '../../domain/job-endings.js';
import { type Decision, decide } from '../../domain/recovery.js';
import { attempt, checkpoint, config } from './samples.js';

/** An attempt in a trace: how it ended, and the step of the newest checkpoint that verified afterwards. */
type Event = readonly [JobEnding, number | null];

/** Plays a trace of attempts through the policy; ends at the first decision that ends the phase. */
function play(events: readonly Event[], recovery = { userErrors: 2, attemptsWithoutProgress: 5 }): Decision[] {
  const decisions: Decision[] = [];
  let phase: PhaseState = newPhase('p1');
  for (const [ending, step] of events) {
    const head: CheckpointRef | null = step === null ? null : checkpoint(step);
    const decision = decide(
      { ...config(), recovery },
      phase,
      attempt({ ending, because: `because of ${ending}` }),
      head,
    );
    decisions.push(decision);
    if (decision.action !== 'resume') break;
    phase = decision.phase;
  }
  return decisions;
}

const inWords = (decision: Decision) =>
  decision.action === 'resume' ? `resume ${decision.from?.step ?? 'from nothing'}` : decision.action;
const words = (...args: Parameters<typeof play>) => play(...args).map(inWords);
const last = (decisions: Decision[]) => decisions.at(-1);

describe('domain: recovery', () => {
  it('P 120+: resumes from 120', () => {
    assert.deepEqual(words([['preempted', 120]]), ['resume 120']);
  });

  it('P with nothing yet: resumes from nothing, and says so aloud', () => {
    const [decision] = play([['preempted', null]]);
    assert.equal(decision?.action, 'resume');
    assert.match(decision.reason, /no checkpoint exists yet, so training starts again at step 0/);
  });

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

  it('C: advances', () => {
    const [decision] = play([['completed', 360]]);
    assert.equal(decision?.action, 'advance');
    assert.deepEqual([decision.phase.done, decision.phase.head?.step], [true, 360]);
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
      ['unknown', 200],
    ];
    assert.deepEqual(words(mixed), ['resume 40', 'resume 80', 'resume 120', 'resume 160', 'fail']);
  });

  it('fails at the first error where none is allowed', () => {
    assert.deepEqual(words([['never-started', null]], { userErrors: 0, attemptsWithoutProgress: 5 }), ['fail']);
  });

  it('fails after too many attempts in a row without a new checkpoint', () => {
    const stuck: Event[] = [['preempted', 120], ...Array<Event>(9).fill(['interrupted', 120])];
    const decisions = play(stuck, { userErrors: 9, attemptsWithoutProgress: 3 });
    assert.deepEqual(decisions.map(inWords), ['resume 120', 'resume 120', 'resume 120', 'fail']);
    const end = last(decisions);
    assert.equal(end?.action, 'fail');
    assert.match(end.reason, /^3 attempts in a row ended without a new checkpoint/);
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

  it('goes down to an older checkpoint, and takes the climb back for progress only where it is one', () => {
    const ladder: Event[] = [
      ['preempted', 120],
      ['bad-checkpoint', 80],
      ['bad-checkpoint', 40],
      ['preempted', 60],
      ['completed', 360],
    ];
    assert.deepEqual(words(ladder), ['resume 120', 'resume 80', 'resume 40', 'resume 60', 'advance']);
    const without = play(ladder).map(({ phase }) => phase.withoutProgress);
    assert.deepEqual(without, [0, 1, 2, 0, 0]);
  });

  it('gives up a ladder without end', () => {
    const ladder = Array.from({ length: 20 }, (_, rung): Event => ['bad-checkpoint', 1000 - rung]);
    assert.equal(last(play([['preempted', 2000], ...ladder]))?.action, 'fail');
  });

  it('stops where somebody else canceled the job, with the facts', () => {
    const [decision] = play([['canceled-elsewhere', 120]]);
    assert.equal(decision?.action, 'fail');
    assert.equal(decision.reason, 'job demo-p1-a001 ended canceled-elsewhere: because of canceled-elsewhere');
  });

  it('changes nothing that it was given', () => {
    const before = Object.freeze(newPhase('p1'));
    decide(config(), before, attempt(), checkpoint(120));
    assert.deepEqual(before, newPhase('p1'));
  });
});
