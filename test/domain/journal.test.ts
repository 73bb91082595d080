import assert from 'node:assert/strict';
import type { RunEvent } from '../../domain/events.js';
import { type JournalEntry, readJournal } from '../../domain/journal.js';
import { attempt } from './samples.js';

const event = (sequence: number, over: { chain?: string; summary?: string } = {}): JournalEntry => ({
  type: 'event',
  chain: over.chain ?? 'chain-1',
  event: { kind: 'stage-done', stage: 'data', summary: over.summary ?? `event ${sequence}`, sequence, at: sequence },
});
const ended = (number: number): JournalEntry => ({
  type: 'attempt',
  chain: 'chain-1',
  record: attempt({ attempt: number, jobName: `demo-p1-a00${number}` }),
});
const lines = (...entries: (JournalEntry | string)[]) =>
  entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry))).join('\n');
const summaries = (events: readonly RunEvent[]) =>
  events.map((one) => (one.kind === 'stage-done' ? one.summary : one.kind));

describe('domain: journal', () => {
  it('reads events and attempts in the order they were written', () => {
    const { events, attempts } = readJournal(`${lines(event(1), ended(1), event(2), ended(2))}\n`);
    assert.deepEqual(summaries(events), ['event 1', 'event 2']);
    assert.deepEqual(
      attempts.map(({ jobName }) => jobName),
      ['demo-p1-a001', 'demo-p1-a002'],
    );
  });

  it('takes once what was appended twice', () => {
    const batch = [event(1), ended(1), event(2)];
    const { events, attempts } = readJournal(lines(...batch, ...batch, event(3)));
    assert.deepEqual([summaries(events), attempts.length], [['event 1', 'event 2', 'event 3'], 1]);
  });

  it('keeps events of a continued run apart, although both count from one', () => {
    const { events } = readJournal(lines(event(1), event(1, { chain: 'chain-2', summary: 'continued' })));
    assert.deepEqual(summaries(events), ['event 1', 'continued']);
  });

  it('knows which endings we asked for, and what operators asked for, each command once', () => {
    const chain = 'chain-1';
    const command = { id: 'c1', by: 'ada', kind: 'pause' } as const;
    const asked = (limit: 'silent' | 'stalled'): JournalEntry => ({
      ...{ type: 'ending-asked', chain, jobName: 'demo-p1-a001' },
      by: { for: 'limit', limit, seconds: 300 },
    });
    const taken: JournalEntry = { type: 'command', chain, command, at: 1 };
    const { commands, endingsAsked } = readJournal(lines(taken, asked('silent'), taken, asked('stalled')));
    assert.deepEqual(commands, [{ command, at: 1 }]);
    assert.deepEqual(endingsAsked, { 'demo-p1-a001': { for: 'limit', limit: 'stalled', seconds: 300 } });
  });

  it('passes over damaged lines', () => {
    const half = JSON.stringify(event(9)).slice(0, 40);
    const { events, attempts } = readJournal(
      lines(
        '',
        event(1),
        half,
        '{}',
        'null',
        '5',
        '"text"',
        '{"type":"event"}',
        '{"type":"attempt"}',
        '\u0000',
        event(2),
      ),
    );
    assert.deepEqual([summaries(events), attempts], [['event 1', 'event 2'], []]);
  });

  it('finds nothing in an empty journal', () => {
    assert.deepEqual(readJournal(''), { events: [], attempts: [], commands: [], endingsAsked: {} });
  });
});
