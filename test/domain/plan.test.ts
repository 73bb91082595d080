import assert from 'node:assert/strict';
import { newOperator } from '../../domain/commands.js';
import { type PlanFacts, planOf } from '../../domain/plan.js';

const facts: PlanFacts = {
  stage: 'phase:p1',
  stagesToCome: ['finalize'],
  jobName: 'demo-p1-a001',
  headStep: 120,
  steps: 360,
  operator: newOperator(),
  held: null,
  outcome: null,
};
const paused = { at: 1000, by: 'ada' };
const words = (over: Partial<PlanFacts>) => {
  const { now, next } = planOf({ ...facts, ...over });
  return `${now} | ${next}`;
};

describe('domain: what a run does next', () => {
  it('is to go on from the newest checkpoint, should its job end early', () => {
    assert.equal(
      words({}),
      'watching job demo-p1-a001 | when the job ends: the run is finalized if step 360 is saved and verifies, else another attempt goes on from step 120, or newer',
    );
    assert.match(words({ headStep: null }), /another attempt goes on from step 0, or newer$/);
    assert.match(words({ stagesToCome: ['phase:p2', 'finalize'] }), /: phase p2 begins if step 360/);
    assert.equal(words({ jobName: null }), 'in phase p1 | the next attempt is submitted, from step 120');
  });

  it('is the next stage where no phase trains', () => {
    const before = { jobName: null, headStep: null, steps: null };
    const stagesToCome = ['infrastructure', 'phase:p1', 'finalize'] as const;
    assert.equal(words({ ...before, stage: 'data', stagesToCome }), 'in data | infrastructure, once data is done');
    assert.match(
      words({ ...before, stage: 'data', stagesToCome, operator: { ...newOperator(), paused } }),
      /data is done; no job is submitted until somebody says resume$/,
    );
    assert.match(words({ ...before, stage: 'finalize', stagesToCome: [] }), /\| the report, then the end$/);
  });

  it('is nothing but to wait while it is paused, and says from where it will go on', () => {
    const operator = { ...newOperator(), paused };
    assert.match(
      words({ operator }),
      /^watching job demo-p1-a001 \| job demo-p1-a001 saves and ends; nothing is submitted/,
    );
    assert.match(words({ operator, jobName: null }), /^paused by ada \| nothing is submitted until .* from step 120$/);
    assert.deepEqual(planOf({ ...facts, operator }).paused, paused);
  });

  it('hangs on a person where the run is held, and says what for', () => {
    assert.equal(
      words({ held: 'no quota', jobName: null }),
      'waiting for a person: no quota | nothing is submitted until somebody says resume',
    );
    assert.equal(planOf({ ...facts, held: 'no quota' }).held, 'no quota');
  });

  it('is the next attempt at once where recovery was asked for, and nothing at all when the run has ended', () => {
    assert.match(
      words({ operator: { ...newOperator(), recoverNow: true } }),
      /the next attempt begins from the newest checkpoint$/,
    );
    assert.equal(words({ outcome: 'completed' }), 'the run has ended: completed | nothing, the run has ended');
  });
});
