import assert from 'node:assert/strict';
import { operatorDetails, operatorState } from '../../domain/operator-details.js';
import { searchAttributesOf } from '../../domain/search-attributes.js';
import type { RunStatus } from '../../domain/status.js';
import { progress as sample } from '../cli/support/views.js';
import { checkpoint } from './samples.js';

const progress = sample({ jobName: 'demo-p1-a002' });
const next = 'submit again at 02:00 UTC';
const at = Date.parse('2026-11-23T01:10:00.000Z');
const status = (over: Partial<RunStatus> = {}): RunStatus => ({
  run: 'demo',
  stage: 'phase:p1',
  stagesDone: ['preflight', 'data', 'infrastructure'],
  startedAt: at,
  phases: [
    { name: 'p1', steps: 360, globalBatch: 128 },
    { name: 'p2', steps: 120, globalBatch: 64 },
  ],
  phase: 'p1',
  attempt: 2,
  jobName: 'demo-p1-a002',
  head: checkpoint(120),
  outcome: null,
  because: null,
  events: [],
  ...over,
});

describe('domain: what an operator is told', () => {
  it('names what a run does in one word, from its status or by what the workflow knows better', () => {
    const of = (over: Partial<RunStatus>) => operatorState({ status: status(over) });
    assert.equal(of({}), 'training');
    assert.equal(of({ jobName: null }), 'recovering');
    assert.equal(of({ stage: 'data', phase: null, jobName: null }), 'data');
    assert.equal(of({ stage: 'finalize', phase: null, jobName: null }), 'finalizing');
    assert.equal(of({ outcome: 'failed' }), 'failed');
    assert.equal(operatorState({ status: status(), doing: 'paused' }), 'paused');
    assert.equal(operatorState({ status: status({ outcome: 'canceled' }), doing: 'paused' }), 'canceled');
  });

  it('says phase, attempt, job, the last checkpoint with its age, and the next decision', () => {
    assert.deepEqual(operatorDetails({ status: status(), next }, at).split('\n'), [
      '**training**: phase p1, attempt 2, job `demo-p1-a002`',
      '',
      '- **Checkpoint**: step 120 of 360, saved 2026-11-23 01:00:00 UTC by a001 (10 min 00 s before this was written)',
      '- **Next**: submit again at 02:00 UTC',
      '- **Live** step, loss and newer checkpoints: pending activity `watchJob`, heartbeat details',
      '- Written 2026-11-23 01:10:00 UTC',
    ]);
  });

  it('knows a newer checkpoint of the open job from the last watch segment, and none of another job', () => {
    const seen = { ...progress, checkpointStep: 200, checkpointAt: at - 60_000 };
    const newer = operatorDetails({ status: status(), seen, next }, at);
    assert.match(newer, /step 200 of 360, saved 2026-11-23 01:09:00 UTC by the open job \(60\.0 s before/);
    const older = operatorDetails({ status: status(), seen: { ...seen, jobName: 'demo-p1-a001' }, next }, at);
    assert.match(older, /step 120 of 360, saved .* by a001/);
  });

  it('keeps to one line what a job said when it ended: Markdown of strangers would break the list', () => {
    const because = `Traceback:\n\n# boom\n${'x'.repeat(1000)}`;
    const ended = { kind: 'run-ended', outcome: 'failed', because, sequence: 1, at } as const;
    const text = operatorDetails(
      { status: status({ outcome: 'failed', because, jobName: null, events: [ended] }), next },
      at,
    );
    assert.match(text, /^\*\*failed\*\*: Traceback: # boom x+$/m);
    assert.ok(text.length < 1000, text);
  });

  it('search attributes keep what they said of the last phase when the run has left it', () => {
    assert.deepEqual(searchAttributesOf({ status: status({ head: null }) }), {
      BerthaState: 'training',
      BerthaPhase: 'p1',
      BerthaJob: 'demo-p1-a002',
      BerthaAttempt: 2,
      BerthaStep: 0,
    });
    const finalizing = status({ stage: 'finalize', phase: null, jobName: null, head: null, attempt: 0 });
    assert.deepEqual(searchAttributesOf({ status: finalizing }), {
      BerthaState: 'finalizing',
      BerthaPhase: null,
      BerthaJob: null,
      BerthaAttempt: null,
      BerthaStep: null,
    });
  });
});
