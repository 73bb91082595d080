import assert from 'node:assert/strict';
import { type PhaseState, newPhase } from '../../../domain/attempts.js';
import { decide } from '../../../domain/recovery.js';
import { attempt, checkpoint, configWith } from '../samples.js';
import { play, words } from './trace.js';

describe('domain: recovery: what follows an ending', () => {
  it('P 120+: resumes from 120', () => {
    assert.deepEqual(words([['preempted', 120]]), ['resume 120']);
  });

  it('C: advances', () => {
    const [decision] = play([['completed', 360]]);
    assert.equal(decision?.action, 'advance');
    assert.deepEqual([decision.phase.done, decision.phase.head?.step], [true, 360]);
  });

  it('stops where somebody else canceled the job, with the facts', () => {
    const [decision] = play([['canceled-elsewhere', 120]]);
    assert.equal(decision?.action, 'fail');
    assert.equal(decision.reason, 'job demo-p1-a001 ended canceled-elsewhere: because of canceled-elsewhere');
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
