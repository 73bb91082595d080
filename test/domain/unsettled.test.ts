import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../domain/attempts.js';
import type { JournalEntry } from '../../domain/journal.js';
import { pastFrom } from '../../domain/past.js';
import { resumedFromOf, unsettledAttempt } from '../../domain/unsettled.js';
import { attempt, checkpoint, configWith } from './samples.js';

const config = configWith();
const chain = 'c1';
const submitted = (number: number, resumeStep: number | null): JournalEntry => {
  const jobName = `demo-p1-a00${number}`;
  const event = { kind: 'job-submitted', phase: 'p1', jobName, resumeStep, adopted: false } as const;
  return { type: 'event', chain, event: { ...event, sequence: number, at: 1000 * number } };
};
const recorded = (number: number, over: Partial<AttemptRecord>): JournalEntry => {
  const record = attempt({ attempt: number, jobName: `demo-p1-a00${number}`, keptStep: null, head: null, ...over });
  return { type: 'attempt', chain, record };
};
const pastOf = (...entries: JournalEntry[]) => pastFrom(config, entries, [chain]);
const head = checkpoint(120);

describe('domain: the attempt whose end nobody has settled', () => {
  it('is the newest one where no record tells its end, whether the journal names it or not', () => {
    const past = pastOf(submitted(1, null), recorded(1, { head }), submitted(2, 120));
    const open = unsettledAttempt(config, past, { p1: 2, p2: 0 });
    assert.deepEqual([open?.phase, open?.attempt, open?.submitted?.at], ['p1', 2, 2000]);
    assert.deepEqual(unsettledAttempt(config, past, { p1: 3, p2: 0 }), { phase: 'p1', attempt: 3, submitted: null });
  });

  it('is none where the newest one is recorded, or nothing was submitted', () => {
    assert.equal(unsettledAttempt(config, pastOf(submitted(1, null), recorded(1, { head })), { p1: 1, p2: 0 }), null);
    assert.equal(unsettledAttempt(config, pastOf(), { p1: 0, p2: 0 }), null);
  });

  it('is of the first phase that is not done', () => {
    const last = checkpoint(360);
    const past = pastOf(submitted(1, null), recorded(1, { ending: 'completed', keptStep: 360, head: last }));
    assert.equal(unsettledAttempt(config, past, { p1: 1, p2: 0 }), null);
    assert.equal(unsettledAttempt(config, past, { p1: 1, p2: 1 })?.phase, 'p2');
  });

  it('resumed from what its job names, and where Azure does not know the job from what the journal tells', () => {
    const past = pastOf(submitted(1, null), recorded(1, { keptStep: 120, head }), submitted(2, 120));
    const open = unsettledAttempt(config, past, { p1: 2, p2: 0 });
    assert.ok(open);
    assert.deepEqual(resumedFromOf(past, open, head.path), head);
    assert.equal(resumedFromOf(past, open, null), null);
    assert.deepEqual(resumedFromOf(past, open, undefined), head);
    const unlike = pastOf(submitted(1, null), recorded(1, { keptStep: 120, head }), submitted(2, 80));
    assert.equal(resumedFromOf(unlike, unsettledAttempt(config, unlike, { p1: 2 }) ?? open, undefined), null);
  });
});
