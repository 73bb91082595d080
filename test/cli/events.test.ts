import assert from 'node:assert/strict';
import { eventObject, eventRow } from '../../cli/events/lines.js';
import { mergedEvents } from '../../cli/events/merged.js';
import { actorOf } from '../../domain/actors.js';
import type { RunEvent } from '../../domain/events.js';
import { events } from './support/views.js';

const ended = (ending: string) => ({ kind: 'attempt-ended', ending });

describe('cli: events', () => {
  it('come from the journal and from the run, each once, also those of a run that was taken up again and counts anew', () => {
    const [first, second, third] = events(
      { kind: 'run-started', continued: false },
      { kind: 'stage-started', stage: 'preflight' },
      { kind: 'stage-started', stage: 'data' },
    ) as [RunEvent, RunEvent, RunEvent];
    const again: RunEvent = { kind: 'run-started', continued: true, sequence: 1, at: third.at + 60_000 };
    assert.deepEqual(mergedEvents([first, second], [second, third]), [first, second, third]);
    assert.deepEqual(mergedEvents([first, second, third], [again]), [first, second, third, again]);
    assert.deepEqual(mergedEvents([], [first]), [first], 'what is not written yet');
  });

  it('say who brought them about', () => {
    assert.equal(actorOf({ kind: 'job-submitted' }), 'bertha');
    assert.equal(actorOf(ended('preempted')), 'Azure ML');
    assert.equal(actorOf(ended('an-ending-of-a-later-version')), 'Azure ML');
    assert.equal(actorOf(ended('user-error')), 'trainer');
    assert.equal(actorOf(ended('canceled-by-us')), 'bertha');
    assert.equal(actorOf(ended('canceled-elsewhere')), 'somebody else');
    assert.equal(actorOf(ended('unknown')), 'unknown');
    assert.equal(actorOf({ kind: 'operator', by: 'ada' }), 'ada');
    assert.equal(actorOf({ kind: 'operator', by: null }), 'somebody else');
  });

  it('are a row of time, actor and sentence, or an object that holds all of it', () => {
    const event: RunEvent = {
      kind: 'attempt-ended',
      phase: 'p1',
      jobName: 'demo-p1-a001',
      ending: 'preempted',
      lastStep: 143,
      because: 'node 1 preempted',
      preemptedNodes: ['1 (tvmps_0)'],
      sequence: 4,
      at: new Date(2026, 10, 23, 1, 2, 3).getTime(),
    };
    const text = 'node 1 of job demo-p1-a001 was preempted at step 143';
    assert.equal(eventRow(event), `2026-11-23 01:02:03  Azure ML       ${text}`);
    assert.deepEqual(eventObject(event), { ...event, actor: 'Azure ML', text });
  });
});
