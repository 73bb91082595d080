import assert from 'node:assert/strict';
import { newPhase } from '../../../domain/attempts.js';
import type { CheckpointRef } from '../../../domain/checkpoints.js';
import { decideOnPast } from '../../../domain/recovery.js';
import { checkpoint, configWith } from '../samples.js';

describe('domain: recovery of a run that is taken up between two attempts', () => {
  const past = { ...newPhase('p1'), attempts: 3, highest: 80 };
  const taken = (head: CheckpointRef | null, highest = 80) =>
    decideOnPast(configWith({ recovery: { startOverShare: 0.25 } }), { ...past, highest }, head);

  it('resumes from what verifies now, and says how far below the highest step that is', () => {
    const decision = taken(checkpoint(60));
    assert.equal(decision.action === 'resume' && decision.from?.step, 60);
    assert.equal(decision.reason, 'resuming from step 60, checkpoint verified, below step 80 that was reached');
    assert.equal(taken(checkpoint(80)).reason, 'resuming from step 80, checkpoint verified');
  });

  it('starts over with an alert where little is lost, and asks a person where much would be', () => {
    const little = taken(null, 10);
    assert.equal(little.action === 'resume' && little.from, null);
    assert.match((little.action === 'resume' && little.alert) || '', /10 steps are lost/);
    const much = taken(null, 200);
    assert.equal(much.action, 'hold');
    assert.match(much.reason, /would lose 200 steps/);
  });

  it('begins without an alert where nothing was ever saved', () => {
    const decision = taken(null, 0);
    assert.deepEqual(decision.action === 'resume' && [decision.from, decision.alert], [null, null]);
  });
});
