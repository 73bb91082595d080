import assert from 'node:assert/strict';
import { classifyEnding } from '../../domain/endings/classify.js';
import type { JobEvidence } from '../../domain/endings/evidence.js';
import type { JobEnding } from '../../domain/endings/names.js';
import { nextStep } from '../../domain/endings/next-step.js';
import type { LimitName } from '../../domain/watch/limits.js';
import { evidence } from './samples.js';

const words = (reason: string, exitCode: number, more: object = {}) => ({
  lastWords: { reason, message: `it was ${reason}`, exitCode, ...more },
});
const exited = (code: number | string) => ({
  errorCode: 'UserError',
  errorMessage: `Process '0' exited with code ${code}`,
});
const says = (errorMessage: string) => ({ errorCode: 'UserError', errorMessage });
const preempted = { errorCode: 'PreemptionError', errorMessage: 'The job was preempted.' };
const requeueWarning = 'Low priority compute preemption warning: a node has been preempted';
const neverStarted = { trainerStarted: false };
const canceled = { status: 'Canceled' } as const;
const byUs = (endedByUs: JobEvidence['endedByUs']) => ({ status: 'Canceled', endedByUs }) as const;
const limit = (name: LimitName) => byUs({ for: 'limit', limit: name, seconds: 301.4 });
const DAY = 86_400;

const table: [string, Partial<JobEvidence>, JobEnding][] = [
  ['Completed with its last checkpoint', { status: 'Completed', finalCheckpointVerified: true }, 'completed'],
  ['Completed without its last checkpoint', { status: 'Completed' }, 'unfinished'],
  [
    'completed by its own word when it failed',
    { ...words('completed', 0), finalCheckpointVerified: true },
    'completed',
  ],
  [
    'completed by its own word when its node was taken',
    { ...words('completed', 0), finalCheckpointVerified: true, ...preempted },
    'completed',
  ],
  [
    'completed by its own word and then ended by us in finalizing',
    { ...words('completed', 0), finalCheckpointVerified: true, ...limit('finalizing') },
    'completed',
  ],
  ['gone', { status: 'NotFound' }, 'vanished'],

  ['canceled because the run ends', byUs({ for: 'run-end' }), 'canceled-by-us'],
  [
    'canceled because the run ends, when nodes were taken',
    { ...byUs({ for: 'run-end' }), ...preempted },
    'canceled-by-us',
  ],
  ['given up because the run ends', { status: 'GivenUp', endedByUs: { for: 'run-end' } }, 'canceled-by-us'],
  ['failed after we asked to cancel it', { endedByUs: { for: 'run-end' }, ...words('user-error', 3) }, 'user-error'],
  ['ended because it was silent', limit('silent'), 'hung'],
  ['ended because its step stood still', limit('stalled'), 'hung'],
  ['ended because no heartbeat came', limit('start'), 'hung'],
  ['ended because no checkpoint came', limit('checkpoint'), 'no-new-checkpoint'],
  ['ended because it waited for nodes', limit('queued'), 'queued-too-long'],
  ['ended because it was finalizing', limit('finalizing'), 'dwelled-too-long'],
  ['given up because it was silent', { ...limit('silent'), status: 'GivenUp' }, 'hung'],
  ['ended because it was silent, and a node of it is gone', { ...limit('silent'), preemptedNodes: ['1'] }, 'node-lost'],
  [
    'ended in finalizing, behind a mistake that it had named',
    { ...limit('finalizing'), ...words('user-error', 3) },
    'user-error',
  ],
  [
    'left because we asked it to, for want of checkpoints',
    { endedByUs: { for: 'limit', limit: 'checkpoint', seconds: 5400 }, ...words('interrupted', 6) },
    'no-new-checkpoint',
  ],
  ['left because the run ends', { endedByUs: { for: 'run-end' }, ...words('interrupted', 6) }, 'canceled-by-us'],
  ['ended because it was restarted behind its checkpoint', limit('behind'), 'superseded'],
  ['ended because the budget pays for no more', limit('budget'), 'budget-spent'],
  ['ended because only dedicated nodes keep the deadline', limit('deadline'), 'moved-for-deadline'],
  ['ended for an operator', byUs({ for: 'operator', command: 'pause' }), 'stopped-on-request'],
  [
    'left for an operator, saved',
    { endedByUs: { for: 'operator', command: 'pause' }, ...words('interrupted', 6) },
    'stopped-on-request',
  ],

  ['failed with a PreemptionError', preempted, 'preempted'],
  [
    'failed with the text that users report',
    says('AzureMLCompute job failed. PreemptionError: Nodes got pre-empted'),
    'preempted',
  ],
  ['failed with a preemption warning that no restart explains', { warnings: [requeueWarning] }, 'preempted'],
  ['failed with AllocationFailed while it ran', { errorCode: 'AllocationFailed' }, 'preempted'],
  ['failed in preparing with a PreemptionError', { ...neverStarted, ...preempted }, 'preempted'],
  ['canceled with a PreemptionError', { ...canceled, ...preempted }, 'preempted-canceled'],
  ['canceled with a node gone', { ...canceled, preemptedNodes: ['1'] }, 'preempted-canceled'],
  [
    'canceled for want of capacity while it ran',
    { ...canceled, cancelationReason: 'no capacity came back' },
    'preempted-canceled',
  ],
  [
    'canceled with a capacity warning',
    { ...canceled, warnings: ['OutOfCapacity: no capacity for it'] },
    'preempted-canceled',
  ],
  ['failed with a node listed as gone', { preemptedNodes: ['tvm-1'] }, 'node-lost'],
  ['a lost peer with a node listed as gone', { preemptedNodes: ['tvm-1'], ...words('lost-peer', 1) }, 'node-lost'],
  [
    'a user error of a survivor behind a node that is gone',
    { preemptedNodes: ['1'], ...words('user-error', 3) },
    'node-lost',
  ],
  ['an exit code of a survivor behind a node that is gone', { preemptedNodes: ['1'], ...exited(1) }, 'node-lost'],
  ['a GPU that fell off the bus', { ...exited(1), logTail: ['RuntimeError: GPU has fallen off the bus'] }, 'node-lost'],
  ['the trainer was warned', words('interrupted', 6), 'interrupted'],
  [
    'the trainer was warned, then Azure says PreemptionError',
    { ...preempted, ...words('interrupted', 6) },
    'preempted',
  ],
  ['a lost peer without proof of a preemption', words('lost-peer', 1), 'lost-peer'],
  [
    'a rank 0 that was killed before it could say a word, as its peer tells it in its log',
    { ...exited(1), logTail: ['bertha_train: rank 0 ended without a word in training, a peer is gone.'] },
    'lost-peer',
  ],
  ['a crash in NCCL', { ...exited(1), logTail: ['torch.distributed: NCCL error: ncclRemoteError'] }, 'lost-peer'],
  ['a rank that stood still', words('stuck-rank', 8), 'stuck-rank'],

  ['failed for want of capacity before it ran', { ...neverStarted, ...says('AllocationFailed') }, 'no-capacity'],
  [
    'canceled for want of capacity before it ran',
    { ...canceled, ...neverStarted, clusterErrors: ['OutOfCapacity: none'] },
    'no-capacity',
  ],
  ['over quota', { ...neverStarted, ...says('JobNodeCountExceedsCoreQuota') }, 'quota-exceeded'],
  [
    'over quota, said inside the cluster',
    { ...neverStarted, clusterErrors: ['ClusterCoreQuotaReached: 0 left'] },
    'quota-exceeded',
  ],
  [
    'a VM size that is refused',
    { ...neverStarted, clusterErrors: ['UnsupportedVMSizeForLowPriority: H100'] },
    'sku-refused',
  ],
  ['an image that cannot be built', { ...neverStarted, errorMessage: 'Image build failed' }, 'image-failed'],
  [
    'failed before any process, for a reason unheard of',
    { ...neverStarted, errorMessage: 'Something went wrong' },
    'never-started',
  ],
  ['failed before any process, without a reason', neverStarted, 'never-started'],

  ['the trainer named a mistake', words('user-error', 3), 'user-error'],
  ['the trainer said something unheard of', words('melted', 99), 'user-error'],
  ['the trainer refused its checkpoint', words('bad-checkpoint', 4), 'bad-checkpoint'],
  ['the trainer met NaN', words('nan', 5), 'nan'],
  ['the trainer met a loss spike', words('loss-spike', 7), 'loss-spike'],
  ['the trainer reached its spend-until time', words('spend-until', 9), 'spend-until'],
  ['the trainer ran out of memory', words('out-of-memory', 10), 'out-of-memory'],
  ['a spike is not forgotten over a preemption', { ...preempted, ...words('loss-spike', 7) }, 'loss-spike'],
  ['exit code 3', exited(3), 'user-error'],
  ['exit code 4', exited(4), 'bad-checkpoint'],
  ['exit code 5', exited('5 '), 'nan'],
  ['exit code 6', exited(6), 'interrupted'],
  ['exit code 7', exited(7), 'loss-spike'],
  ['exit code 8', exited(8), 'stuck-rank'],
  ['exit code 9', exited(9), 'spend-until'],
  ['exit code 10', exited(10), 'out-of-memory'],
  ['exit code 1', exited(1), 'user-error'],
  [
    'exit code 1 with CUDA out of memory in the log',
    { ...exited(1), logTail: ['torch.OutOfMemoryError: CUDA out of memory'] },
    'out-of-memory',
  ],
  ['exit code 127 before any word of ours', { ...exited(127), ...neverStarted }, 'user-error'],
  ['exit code 137: killed, nobody says by whom', exited(137), 'unknown'],
  ['a segmentation fault', says("User process 'bash' exited with signal SIGSEGV"), 'unknown'],
  ['failed without a reason', {}, 'unknown'],
  ['given up, and nobody says why', { status: 'GivenUp' }, 'unknown'],

  ['canceled by somebody', canceled, 'canceled-elsewhere'],
  ['canceled after 7 days on low priority', { ...canceled, ranSeconds: 7 * DAY - 60 }, 'lifetime-limit'],
  [
    'canceled after 7 days on dedicated nodes',
    { ...canceled, ranSeconds: 7 * DAY, lowPriority: false },
    'canceled-elsewhere',
  ],
  ['failed at the end of its life', says('Job exceeded the maximum lifetime of 7 days'), 'lifetime-limit'],
  ['canceled at its timeout', { ...canceled, ranSeconds: 7_201, timeoutSeconds: 7_200 }, 'time-limit'],
];

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
