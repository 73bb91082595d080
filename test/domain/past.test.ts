import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../domain/attempts.js';
import type { Command } from '../../domain/commands.js';
import type { EndedByUs } from '../../domain/endings/evidence.js';
import type { RunEventBody } from '../../domain/events.js';
import { type JournalEntry, readEntries } from '../../domain/journal.js';
import { checkpointAt, pastFrom } from '../../domain/past.js';
import { attempt, checkpoint, configWith } from './samples.js';

const config = configWith();
let sequence = 0;
const event = (chain: string, body: RunEventBody, at = 1000): JournalEntry => ({
  type: 'event',
  chain,
  event: { ...body, sequence: ++sequence, at },
});
const record = (chain: string, number: number, over: Partial<AttemptRecord> = {}): JournalEntry => ({
  type: 'attempt',
  chain,
  record: attempt({ attempt: number, jobName: `demo-p1-a00${number}`, keptStep: null, head: null, ...over }),
});
const ended = (chain: string) => event(chain, { kind: 'run-ended', outcome: 'failed', because: 'user errors' });
const submitted = (chain: string, jobName: string, at: number, adopted = false) =>
  event(chain, { kind: 'job-submitted', phase: 'p1', jobName, resumeStep: null, adopted }, at);
type Wish = Command extends infer One ? (One extends Command ? Omit<One, 'id' | 'by'> : never) : never;
const asked = (chain: string, wish: Wish, at = 1000): JournalEntry => {
  const command: Command = { id: `c${++sequence}`, by: 'ada', ...wish };
  return event(chain, { kind: 'operator', command: command.kind, by: 'ada', effect: 'words', asked: command }, at);
};
const userErrors = (entries: readonly JournalEntry[], chains: readonly string[]) =>
  pastFrom(config, entries, chains).phases['p1']?.userErrors;

describe('domain: what a journal tells the one who takes its run up', () => {
  it('keeps the budgets of a run that was lost', () => {
    const entries = [record('c1', 1, { ending: 'user-error' }), record('c1', 2, { ending: 'user-error' })];
    assert.equal(userErrors(entries, ['c1']), 2);
    assert.equal(userErrors([...entries, record('c2', 3, { ending: 'user-error' })], ['c1', 'c2']), 3);
  });

  it('gives a run that had ended its budgets again, also when a later workflow of it is lost', () => {
    const first = [record('c1', 1, { ending: 'user-error' }), ended('c1')];
    assert.equal(userErrors(first, ['c1']), 0);
    const then = [...first, record('c2', 2, { ending: 'user-error' })];
    assert.equal(userErrors(then, ['c1', 'c2']), 1);
    assert.equal(userErrors(then, ['c1', 'c2', 'without-a-word']), 1);
  });

  it('keeps what was learnt of the data when budgets begin anew', () => {
    const spike = {
      ending: 'loss-spike',
      head: checkpoint(40),
      spike: { step: 110, before: 100, until: 115 },
    } as const;
    const state = pastFrom(config, [record('c1', 1, spike), ended('c1')], ['c1']).phases['p1'];
    assert.deepEqual([state?.spikes, state?.skipWindows.length], [0, 1]);
  });

  it('knows the cluster that the open job went to, and the deadline that was set', () => {
    const at = Date.parse('2026-12-24T18:00:00Z');
    const entries = [
      asked('c1', { kind: 'set-deadline', at }),
      event('c1', {
        kind: 'job-submitted',
        phase: 'p1',
        jobName: 'demo-p1-a001',
        resumeStep: null,
        adopted: false,
        cluster: 'safe',
      }),
    ];
    const { submitted: found, operator } = pastFrom(config, entries, ['c1']);
    assert.deepEqual([found[0]?.cluster, operator.deadline], ['safe', { at }]);
    assert.equal(pastFrom(config, [...entries, ended('c1')], ['c1']).operator.deadline, undefined);
  });

  it('holds an operator to his word where the run was lost, and to windows alone where it had ended', () => {
    const entries = [
      asked('c1', { kind: 'skip-window', phase: 'p1', from: 0, to: 128 }),
      asked('c1', { kind: 'set-interval', seconds: 60, steps: null }),
      asked('c1', { kind: 'recover-now' }),
      asked('c1', { kind: 'pause' }, 5000),
    ];
    const lost = pastFrom(config, entries, ['c1']).operator;
    assert.deepEqual(lost.skipWindows, { p1: [{ from: 0, to: 128 }] });
    assert.deepEqual(lost.interval, { seconds: 60, steps: null });
    assert.deepEqual(lost.paused, { at: 5000, by: 'ada' });
    assert.equal(lost.recoverNow, false);
    const over = pastFrom(config, [...entries, ended('c1')], ['c1']).operator;
    assert.deepEqual([over.skipWindows, over.interval, over.paused], [lost.skipWindows, null, null]);
  });

  it('takes a pause as over that was resumed, and a cancel as withdrawn by whoever takes the run up', () => {
    const entries = [
      asked('c1', { kind: 'pause' }),
      asked('c1', { kind: 'resume' }),
      asked('c1', { kind: 'cancel', reason: null }),
    ];
    const { paused, canceled } = pastFrom(config, entries, ['c1']).operator;
    assert.deepEqual([paused, canceled], [null, null]);
  });

  it('knows when each attempt was submitted, by whoever did, and when the run began', () => {
    const entries = [submitted('c1', 'demo-p1-a001', 2000), submitted('c2', 'demo-p1-a001', 9000, true)];
    const past = pastFrom(config, entries, ['c1', 'c2']);
    const first = { phase: 'p1', attempt: 1, jobName: 'demo-p1-a001', at: 2000, resumeStep: null, stopping: null };
    assert.deepEqual(past.submitted, [first]);
    assert.equal(past.startedAt, 2000);
    assert.equal(pastFrom(config, [], []).startedAt, null);
  });

  const ends: [string, JournalEntry, EndedByUs | null][] = [
    [
      'a limit that it passed',
      event('c1', { kind: 'limit-passed', jobName: 'demo-p1-a001', limit: 'silent', seconds: 301, limitSeconds: 300 }),
      { for: 'limit', limit: 'silent', seconds: 301 },
    ],
    [
      'a limit that the job before it passed',
      event('c1', { kind: 'limit-passed', jobName: 'demo-p1-a000', limit: 'silent', seconds: 301, limitSeconds: 300 }),
      null,
    ],
    ['a pause', asked('c1', { kind: 'pause' }), { for: 'operator', command: 'pause' }],
    ['recovery', asked('c1', { kind: 'recover-now' }), { for: 'operator', command: 'recover-now' }],
    ['the cancel', asked('c1', { kind: 'cancel', reason: null }), { for: 'operator', command: 'cancel' }],
    ['another interval', asked('c1', { kind: 'set-interval', seconds: 60, steps: null }), null],
  ];
  for (const [what, entry, stopping] of ends)
    it(
      stopping === null
        ? `takes ${what} for no word about the attempt`
        : `knows by ${what} that an attempt was to be ended`,
      () => {
        const entries = [submitted('c1', 'demo-p1-a001', 1), entry];
        assert.deepEqual(pastFrom(config, entries, ['c1']).submitted[0]?.stopping, stopping);
      },
    );

  it('counts a word of an operator to the attempt that was open, and the first one', () => {
    const entries = [
      ...[asked('c1', { kind: 'pause' }), asked('c1', { kind: 'resume' })],
      ...[submitted('c1', 'demo-p1-a001', 1), record('c1', 1), asked('c1', { kind: 'pause' })],
      ...[submitted('c1', 'demo-p1-a002', 1), asked('c1', { kind: 'recover-now' }), asked('c1', { kind: 'pause' })],
    ];
    assert.deepEqual(
      pastFrom(config, entries, ['c1']).submitted.map(({ stopping }) => stopping),
      [null, { for: 'operator', command: 'recover-now' }],
    );
  });

  it('names a checkpoint as a record does, else as its path does', () => {
    const known = checkpoint(120);
    const records = [attempt({ head: known })];
    assert.deepEqual(checkpointAt(known.path, 'p1', records), known);
    const { attempt: name, incarnation, step } = checkpointAt(checkpoint(80).path, 'p1', records) ?? {};
    assert.deepEqual([name, incarnation, step], ['a001', known.incarnation, 80]);
    assert.equal(checkpointAt('data/enwiki/0123', 'p1', records), null);
  });

  it('reads a journal entry once that was appended twice, in the order of the first time', () => {
    const first = submitted('c1', 'demo-p1-a001', 1);
    const again = [first, record('c1', 1), first].map((entry) => JSON.stringify(entry)).join('\n');
    assert.deepEqual(
      readEntries(again).map(({ type }) => type),
      ['event', 'attempt'],
    );
  });
});
