import assert from 'node:assert/strict';
import { classifyEnding } from '../../../domain/endings/classify.js';
import type { JobEvidence } from '../../../domain/endings/evidence.js';
import { nextStep } from '../../../domain/endings/next-step.js';
import { evidence } from '../samples.js';
import { canceled, exited, limit, preempted, requeueWarning, words } from './said.js';
import { table } from './table.js';

describe('domain: job endings', () => {
  for (const [what, over, expected] of table) {
    it(`${what}: ${expected}`, () => {
      const { ending, because, evidence: facts } = classifyEnding(evidence(over));
      assert.equal(ending, expected, because);
      assert.ok(because.length > 3 && because.length <= 400, because);
      assert.ok(facts.length > 0);
    });
  }

  it('proves in the table that every ending can be reached', () => {
    assert.deepEqual([...new Set(table.map(([, , ending]) => ending))].sort(), Object.keys(nextStep).sort());
  });

  it('says which node was taken and what Azure said', () => {
    assert.equal(
      classifyEnding(evidence({ ...preempted, preemptedNodes: ['tvm-1', 'tvm-2'] })).because,
      'nodes tvm-1, tvm-2 preempted; PreemptionError | The job was preempted.',
    );
  });

  it('says how long a job was watched standing still before we ended it', () => {
    assert.equal(classifyEnding(evidence(limit('silent'))).because, 'we ended it: its heartbeat stood still for 301 s');
  });

  it('takes no warning of an earlier restart in place for the reason of a later user error', () => {
    const restarted = { incarnations: 2, warnings: [requeueWarning], ...exited(1) };
    assert.equal(classifyEnding(evidence(restarted)).ending, 'user-error');
    assert.equal(classifyEnding(evidence({ ...restarted, incarnations: 1 })).ending, 'preempted');
    assert.equal(classifyEnding(evidence({ ...restarted, incarnations: 1, ...exited(3) })).ending, 'user-error');
  });

  it('keeps the steps of a spike, and takes a NaN for a spike of one step', () => {
    const spike = (said: object) => classifyEnding(evidence(said)).spike;
    const told = { spike: { step: 495, before: 480 }, step: 500 };
    assert.deepEqual(spike(words('loss-spike', 7, told)), { step: 495, before: 480, until: 500 });
    const noCheckpoint = { spike: { step: 5, before: null }, step: 10 };
    assert.deepEqual(spike(words('loss-spike', 7, noCheckpoint)), { step: 5, before: null, until: 10 });
    assert.deepEqual(spike(words('nan', 5, { step: 500 })), { step: 500, before: null, until: 500 });
    assert.equal(spike(words('nan', 5)), null);
    assert.equal(spike(words('user-error', 3, { step: 500 })), null);
  });

  it('reads the traceback that the trainer left', () => {
    const crash = words('crashed', 1, { detail: 'torch.OutOfMemoryError: CUDA out of memory' });
    assert.equal(classifyEnding(evidence(crash)).ending, 'out-of-memory');
    assert.equal(classifyEnding(evidence(words('crashed', 1, { detail: 'KeyError' }))).ending, 'user-error');
  });

  it('carries the exit code and the last lines of the log with a user error', () => {
    const crash = { ...exited(1), logTail: ['Traceback', '  File "a.py"', "KeyError: 'lerning_rate'"] };
    const { because, exitCode, evidence: facts } = classifyEnding(evidence(crash));
    assert.match(because, /exited with code 1; last lines: .*KeyError: 'lerning_rate'/);
    assert.equal(exitCode, 1);
    assert.ok(facts.some(({ source, fact }) => source === 'trainer' && fact.includes('KeyError')));
  });

  it('keeps a page of error text to one short line', () => {
    const { because } = classifyEnding(evidence({ errorMessage: 'Traceback\n  File "a.py"\n'.repeat(200) }));
    assert.ok(because.length <= 400 && !because.includes('\n'));
  });

  it('reads evidence of the first release, which only said whether we had asked for a cancel', () => {
    const { endedByUs, ...rest } = evidence(canceled);
    assert.equal(endedByUs, null);
    const old = (cancelRequestedByUs: boolean) => ({ ...rest, cancelRequestedByUs }) as unknown as JobEvidence;
    assert.equal(classifyEnding(old(true)).ending, 'canceled-by-us');
    assert.equal(classifyEnding(old(false)).ending, 'canceled-elsewhere');
  });

  it('lists all that was known, also what did not decide', () => {
    const all = { ...preempted, ...words('user-error', 3), warnings: ['slow disk'], ranSeconds: 60 };
    const facts = classifyEnding(evidence(all)).evidence.map(({ source, fact }) => `${source}: ${fact}`);
    assert.deepEqual(facts, [
      'azure: status Failed',
      'run-history: error PreemptionError: The job was preempted.',
      'run-history: warning: slow disk',
      'azure: held nodes for 60 s',
      'trainer: the trainer started',
      'trainer: user-error (exit code 3): it was user-error',
    ]);
  });

  it('charges only mistakes of the code to the error budget, and resumes after every preemption for nothing', () => {
    const by = (step: string) => Object.entries(nextStep).flatMap(([ending, next]) => (next === step ? [ending] : []));
    assert.deepEqual(by('retry-as-user-error'), ['user-error', 'out-of-memory']);
    assert.deepEqual(by('stop'), ['budget-spent', 'canceled-by-us', 'canceled-elsewhere']);
    for (const ending of ['preempted', 'preempted-canceled', 'node-lost']) assert.ok(by('resume').includes(ending));
  });
});
