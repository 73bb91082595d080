import assert from 'node:assert/strict';
import { type JobEnding, type JobEvidence, classifyEnding, nextStep } from '../../domain/job-endings.js';
import { evidence } from './samples.js';

const words = (reason: string, exitCode: number) => ({ lastWords: { reason, message: `it was ${reason}`, exitCode } });
const exited = (code: number | string) => ({
  errorCode: 'UserError',
  errorMessage: `Process '0' exited with code ${code}`,
});
const preempted = { errorCode: 'PreemptionError', errorMessage: 'The job was preempted.' };

const table: [string, Partial<JobEvidence>, JobEnding][] = [
  ['Completed with its last checkpoint', { status: 'Completed', finalCheckpointVerified: true }, 'completed'],
  ['Completed without its last checkpoint', { status: 'Completed' }, 'unknown'],
  ['gone', { status: 'NotFound' }, 'vanished'],
  ['canceled by us', { status: 'Canceled', cancelRequestedByUs: true }, 'canceled-by-us'],
  [
    'canceled by us when nodes were taken',
    { status: 'Canceled', cancelRequestedByUs: true, ...preempted },
    'canceled-by-us',
  ],
  ['canceled by somebody', { status: 'Canceled' }, 'canceled-elsewhere'],
  [
    'canceled for want of capacity',
    { status: 'Canceled', warnings: ['OutOfCapacity: no capacity for it'] },
    'preempted',
  ],
  ['failed after we asked to cancel it', { cancelRequestedByUs: true, ...words('user-error', 3) }, 'user-error'],
  ['failed with a PreemptionError', preempted, 'preempted'],
  ['failed with a pre-empted node in a warning', { warnings: ['Node tvm-1 was pre-empted'] }, 'preempted'],
  ['failed with a node listed as preempted', { preemptedNodes: ['tvm-1'] }, 'preempted'],
  ['failed with AllocationFailed', { errorCode: 'AllocationFailed' }, 'preempted'],
  [
    'a user error of a surviving rank behind a preemption',
    { preemptedNodes: ['tvm-1'], ...words('user-error', 3) },
    'preempted',
  ],
  ['an exit code of a surviving rank behind a preemption', { preemptedNodes: ['tvm-1'], ...exited(1) }, 'preempted'],
  ['the trainer refused its checkpoint', words('bad-checkpoint', 4), 'bad-checkpoint'],
  ['the trainer met NaN', words('nan', 5), 'nan'],
  ['the trainer was warned', words('interrupted', 6), 'interrupted'],
  ['the trainer named a mistake', words('user-error', 3), 'user-error'],
  ['the trainer said something unheard of', words('melted', 99), 'user-error'],
  [
    'the trainer had completed when the job failed',
    { ...words('completed', 0), finalCheckpointVerified: true },
    'completed',
  ],
  [
    'the trainer had completed when its node was taken',
    { ...words('completed', 0), finalCheckpointVerified: true, ...preempted },
    'completed',
  ],
  ['exit code 3', exited(3), 'user-error'],
  ['exit code 4', exited(4), 'bad-checkpoint'],
  ['exit code 5', exited('5 '), 'nan'],
  ['exit code 6', exited(6), 'interrupted'],
  ['exit code 1', exited(1), 'user-error'],
  ['exit code 137 before any word of ours', { ...exited(137), trainerStarted: false }, 'user-error'],
  ['failed before any process', { trainerStarted: false, errorMessage: 'Image build failed' }, 'never-started'],
  ['failed without a reason', {}, 'unknown'],
];

describe('domain: job endings', () => {
  for (const [what, over, expected] of table) {
    it(`${what}: ${expected}`, () => {
      const { ending, because } = classifyEnding(evidence(over));
      assert.equal(ending, expected, because);
      assert.ok(because.length > 10, because);
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

  it('keeps a page of error text to one short line', () => {
    const { because } = classifyEnding(evidence({ errorMessage: 'Traceback\n  File "a.py"\n'.repeat(200) }));
    assert.ok(because.length <= 400 && !because.includes('\n'));
  });

  it('has a next step for every ending, and only a preemption or a warning is free', () => {
    const free = Object.entries(nextStep).filter(([, step]) => step === 'resume');
    assert.deepEqual(
      free.map(([ending]) => ending),
      ['preempted', 'interrupted'],
    );
  });
});
