import assert from 'node:assert/strict';
import { type RunEventBody, describeEvent } from '../../domain/events.js';
import type { WatchAlert } from '../../domain/watch/alerts.js';

const job = { phase: 'p1', jobName: 'demo-p1-a001' };
const ended = (over: object) =>
  ({
    kind: 'attempt-ended',
    ...job,
    ending: 'preempted',
    lastStep: 143,
    because: 'x',
    preemptedNodes: [],
    ...over,
  }) as RunEventBody;

const alert = (what: WatchAlert): RunEventBody => ({ kind: 'watch-alert', jobName: job.jobName, alert: what });

const sentences: [RunEventBody, string][] = [
  [{ kind: 'run-started', continued: false }, 'run started'],
  [{ kind: 'run-started', continued: true }, 'run continued from its checkpoints'],
  [{ kind: 'stage-started', stage: 'phase:p1' }, 'phase p1 started'],
  [{ kind: 'stage-done', stage: 'data', summary: '5 blobs' }, 'data done: 5 blobs'],
  [
    { kind: 'job-submitted', ...job, resumeStep: null, adopted: false },
    'job demo-p1-a001 submitted, training from step 0',
  ],
  [
    { kind: 'job-submitted', ...job, resumeStep: 120, adopted: true },
    'job demo-p1-a001 found running and adopted, continuing behind step 120',
  ],
  [ended({ preemptedNodes: ['1'] }), 'node 1 of job demo-p1-a001 was preempted at step 143'],
  [ended({ preemptedNodes: ['1', '2'] }), 'nodes 1, 2 of job demo-p1-a001 were preempted at step 143'],
  [ended({ lastStep: null }), 'job demo-p1-a001 was preempted before its first step'],
  [ended({ ending: 'completed', lastStep: 360 }), 'job demo-p1-a001 completed at step 360'],
  [
    ended({ ending: 'user-error', because: 'no such file' }),
    'job demo-p1-a001 ended user-error at step 143: no such file',
  ],
  [
    { kind: 'checkpoint-rejected', path: 'a/step-1', reason: 'it is damaged' },
    'checkpoint a/step-1 refused: it is damaged',
  ],
  [
    { kind: 'watch-blind', jobName: job.jobName, reason: 'HTTP 400' },
    'job demo-p1-a001 cannot be looked at and is left alone; the next look comes later: HTTP 400',
  ],
  [
    { kind: 'resuming', phase: 'p1', step: 120, reason: 'resuming from step 120, checkpoint verified' },
    'resuming from step 120, checkpoint verified',
  ],
  [ended({ ending: 'node-lost', preemptedNodes: ['1'] }), 'node 1 of job demo-p1-a001 was preempted at step 143'],
  [
    alert({ kind: 'limit', limit: 'silent', did: 'alert', seconds: 150.2, limitSeconds: 300 }),
    'job demo-p1-a001 has shown no new heartbeat for 150 s, it is ended at 300 s',
  ],
  [
    alert({ kind: 'limit', limit: 'checkpoint', did: 'request-checkpoint', seconds: 2700, limitSeconds: 5400 }),
    'job demo-p1-a001 has saved no valid checkpoint for 2700 s, it is ended at 5400 s; it is asked for a checkpoint',
  ],
  [
    alert({ kind: 'blind', to: 'azure', seconds: 900, why: 'HTTP 401' }),
    'job demo-p1-a001 cannot be looked at for 900 s, Azure gives no answer; it is left alone: HTTP 401',
  ],
  [
    alert({ kind: 'sight-again', to: 'storage', seconds: 960 }),
    'job demo-p1-a001 can be looked at again, the storage answers after 960 s',
  ],
  [
    alert({ kind: 'unwatched', seconds: 1000.4 }),
    'job demo-p1-a001 was not looked at for 1000 s: no worker ran, Temporal was away, or the worker had too much to do; it was left to itself',
  ],
  [
    alert({ kind: 'requeued', status: 'Queued' }),
    'job demo-p1-a001 lost its nodes and waits for others under the same name (Queued)',
  ],
  [
    alert({ kind: 'restarted-in-place', incarnation: 'i2', count: 1 }),
    'job demo-p1-a001 was started again in place, once so far; the trainer is now i2',
  ],
  [
    alert({ kind: 'warned', incarnation: 'i2' }),
    'job demo-p1-a001 was warned that its node is taken away; it saves and leaves',
  ],
  [alert({ kind: 'stuck', incarnation: 'i2' }), 'job demo-p1-a001 says that a rank stands still; it ends itself'],
  [
    { kind: 'limit-passed', jobName: job.jobName, limit: 'preparing', seconds: 7230, limitSeconds: 7200 },
    'job demo-p1-a001 has been preparing for 7230 s, longer than 7200 s: it is ended and followed by another',
  ],
  [
    { kind: 'end-proven', jobName: job.jobName, because: 'Azure says Canceled' },
    'job demo-p1-a001 is proven to have ended: Azure says Canceled',
  ],
  [
    {
      kind: 'checkpoint-quarantined',
      path: 'a/checkpoints/step-1',
      to: 'a/quarantine/step-1',
      reason: 'it is damaged',
    },
    'checkpoint a/checkpoints/step-1 moved to a/quarantine/step-1: it is damaged',
  ],
  [
    { kind: 'checkpoints-removed', phase: 'p1', count: 1, reason: 'newer ones are good' },
    '1 checkpoint of phase p1 removed: newer ones are good',
  ],
  [
    { kind: 'waiting', phase: 'p1', seconds: 120, reason: 'no capacity' },
    'the next attempt of phase p1 is submitted in 120 s: no capacity',
  ],
  [
    { kind: 'held', phase: 'p1', reason: 'the run waits for a person', nextCommand: 'bertha resume demo' },
    'NOTE: the run waits for a person; go on with: bertha resume demo',
  ],
  [{ kind: 'operator', command: 'pause', by: 'ada', effect: 'the job saves' }, 'paused by ada: the job saves'],
  [
    { kind: 'operator', command: 'set-interval', by: null, effect: 'a checkpoint every 60 s' },
    'checkpoint interval set by somebody: a checkpoint every 60 s',
  ],
  [{ kind: 'alert', phase: 'p1', text: 'five preemptions' }, 'NOTE: five preemptions'],
  [{ kind: 'resuming', phase: 'p1', step: null, reason: 'training starts again' }, 'NOTE: training starts again'],
  [{ kind: 'phase-done', phase: 'p1', step: 360, summary: '2 attempts' }, 'phase p1 done at step 360: 2 attempts'],
  [{ kind: 'run-ended', outcome: 'canceled', because: 'canceled on request' }, 'run canceled: canceled on request'],
];

describe('domain: events in plain words', () => {
  for (const [event, expected] of sentences) {
    it(`says "${expected}"`, () => {
      assert.equal(describeEvent(event), expected);
    });
  }
});
