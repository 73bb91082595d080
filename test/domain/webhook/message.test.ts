import assert from 'node:assert/strict';
import type { RunEvent, RunEventBody } from '../../../domain/events.js';
import { messageOf, webhookMessageSchema } from '../../../domain/webhook/message.js';

const CHAIN = '7f0c2f5e-0000-4000-8000-000000000001';
const event = (body: RunEventBody): RunEvent => ({ ...body, sequence: 17, at: Date.UTC(2026, 10, 23, 1) });
const of = (body: RunEventBody, run = 'demo') => messageOf(run, CHAIN, event(body));

const job = { phase: 'p1', jobName: 'demo-p1-a001' };
const ended = { ...job, ending: 'preempted', lastStep: 143, because: 'b', preemptedNodes: ['n1'] } as const;
const budget = { share: 0.5, budget: 100, spent: 51, currency: 'USD', reachedAt: null, earliestAt: 0 };
const silent = { kind: 'limit', limit: 'silent', did: 'alert', seconds: 150, limitSeconds: 300 } as const;

const told: [RunEventBody, type: string][] = [
  [{ kind: 'alert', phase: '', text: 'no checkpoint verifies any more' }, 'run.alert'],
  [{ kind: 'watch-alert', jobName: job.jobName, alert: silent }, 'run.alert'],
  [{ kind: 'watch-blind', jobName: job.jobName, reason: 'HTTP 400' }, 'run.alert'],
  [{ kind: 'limit-passed', jobName: job.jobName, limit: 'silent', seconds: 301, limitSeconds: 300 }, 'run.alert'],
  [{ kind: 'checkpoint-quarantined', path: 'a', to: 'b', reason: 'a hash differs' }, 'run.alert'],
  [{ kind: 'budget-alert', ...budget }, 'run.budget'],
  [{ kind: 'held', phase: 'p1', reason: 'quota', nextCommand: 'bertha resume demo' }, 'run.waits'],
  [{ kind: 'attempt-ended', ...ended }, 'attempt.ended'],
  [{ kind: 'run-ended', outcome: 'failed', because: 'b' }, 'run.ended'],
];

describe('domain: what a webhook is told', () => {
  for (const [body, type] of told)
    it(`${body.kind} is ${type}, and keeps the schema`, () => {
      const message = of(body);
      assert.equal(message?.type, type);
      assert.deepEqual(webhookMessageSchema.strict().parse(message), message);
      assert.ok((message?.data.text ?? '') !== '');
    });

  it('nothing of what a quiet day brings, nor that the webhook itself did not listen', () => {
    const quiet: RunEventBody[] = [
      { kind: 'run-started', continued: false },
      { kind: 'job-submitted', ...job, resumeStep: null, adopted: false },
      { kind: 'checkpoints-removed', phase: 'p1', count: 3, reason: 'newer ones are good' },
      { kind: 'watch-alert', jobName: job.jobName, alert: { kind: 'warned', incarnation: 'i1' } },
      { kind: 'untold', count: 1, reason: 'HTTP 500' },
    ];
    assert.deepEqual(
      quiet.map((body) => of(body)),
      quiet.map(() => null),
    );
  });

  it('by an id that is the same for the same event and holds no dot, whatever the run is called', () => {
    const held = told.find(([{ kind }]) => kind === 'held')![0];
    const id = of(held, 'nightly-2026-11-23T02:00:00.5Z')?.data.id;
    assert.equal(id, `nightly-2026-11-23T02-00-00-5Z_${CHAIN}_17`);
    assert.equal(of(held, 'nightly-2026-11-23T02:00:00.5Z')?.data.id, id);
  });

  it('with what a program needs to act', () => {
    const data = (kind: RunEventBody['kind']) => of(told.find(([body]) => body.kind === kind)![0])?.data;
    assert.equal(data('held')?.nextCommand, 'bertha resume demo');
    assert.deepEqual([data('attempt-ended')?.ending, data('attempt-ended')?.job], ['preempted', 'demo-p1-a001']);
    assert.equal(data('run-ended')?.outcome, 'failed');
    assert.deepEqual([data('budget-alert')?.budget?.spent, data('budget-alert')?.budget?.total], [51, 100]);
  });
});
