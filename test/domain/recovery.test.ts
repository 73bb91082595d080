import assert from 'node:assert/strict';
import { type AttemptRecord, type PhaseState, newPhase } from '../../domain/attempts.js';
import type { CheckpointRef } from '../../domain/checkpoints.js';
import type { RunConfig } from '../../domain/config.js';
import type { JobEnding } from '../../domain/endings/names.js';
import { type Decision, decide } from '../../domain/recovery.js';
import { attempt, checkpoint, configWith } from './samples.js';

/** An attempt in a trace: how it ended, and the step of the newest checkpoint that verified afterwards. */
type Event = readonly [JobEnding, number | null, Partial<AttemptRecord>?];

type Recovery = Partial<RunConfig['recovery']>;

/** Plays a trace of attempts through the policy; ends at the first decision that does not resume. */
function play(
  events: readonly Event[],
  recovery: Recovery = { userErrors: 2, attemptsWithoutProgress: 5 },
): Decision[] {
  const decisions: Decision[] = [];
  let phase: PhaseState = newPhase('p1');
  for (const [ending, step, over = {}] of events) {
    const head: CheckpointRef | null = step === null ? null : checkpoint(step);
    const ended = attempt({ ending, because: `because of ${ending}`, ...over });
    const decision = decide(configWith({ recovery }), phase, ended, head);
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
      ['user-error', 200],
      ['user-error', 240],
    ];
    assert.deepEqual(words(mixed), ['resume 40', 'resume 80', 'resume 120', 'resume 160', 'resume 200', 'fail']);
  });

  it('fails at the first error where none is allowed', () => {
    assert.deepEqual(words([['user-error', null]], { userErrors: 0 }), ['fail']);
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

  it('stops where somebody else canceled the job, with the facts', () => {
    const [decision] = play([['canceled-elsewhere', 120]]);
    assert.equal(decision?.action, 'fail');
    assert.equal(decision.reason, 'job demo-p1-a001 ended canceled-elsewhere: because of canceled-elsewhere');
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

  it('holds for a person where quota or VM size are refused, and burns nothing of a budget', () => {
    for (const ending of ['quota-exceeded', 'sku-refused'] as const) {
      const [decision] = play([[ending, 120]], {
        userErrors: 0,
        infrastructureErrors: 0,
        unknownEndings: 0,
        attemptsWithoutProgress: 1,
      });
      assert.equal(decision?.action, 'hold');
      assert.equal(decision.from?.step, 120);
      assert.match(decision.reason, /^the run waits for a person, nothing is paid meanwhile: because of/);
      assert.equal(decision.nextCommand, 'bertha resume demo');
    }
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

  it('goes on with the state of a phase that an older release left', () => {
    const old = {
      name: 'p1',
      attempts: 3,
      head: checkpoint(120),
      lineage: [],
      userErrors: 1,
      withoutProgress: 0,
      done: false,
    };
    const decision = decide(
      configWith(),
      old as unknown as PhaseState,
      attempt({ ending: 'unknown' }),
      checkpoint(120),
    );
    assert.equal(decision.action, 'resume');
    assert.deepEqual([decision.phase.highest, decision.phase.unknownEndings, decision.phase.userErrors], [120, 1, 1]);
  });

  it('changes nothing that it was given', () => {
    const before = Object.freeze(newPhase('p1'));
    decide(configWith(), before, attempt(), checkpoint(120));
    assert.deepEqual(before, newPhase('p1'));
  });
});
