import assert from 'node:assert/strict';
import { type RunEventBody, describeEvent } from '../../domain/events.js';

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
