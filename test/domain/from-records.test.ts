import assert from 'node:assert/strict';
import { type AttemptRecord, type PhaseState, newPhase } from '../../domain/attempts.js';
import { phaseFromRecords } from '../../domain/from-records.js';
import { extendLineage } from '../../domain/lineage.js';
import { attemptName } from '../../domain/names.js';
import { decide } from '../../domain/recovery.js';
import { attempt, checkpoint, configWith } from './samples.js';

const config = configWith();

/** Records as a run leaves them, and the state that its workflow had behind the last one. */
function live(trace: readonly Partial<AttemptRecord>[]): { records: AttemptRecord[]; state: PhaseState } {
  const records: AttemptRecord[] = [];
  const state = trace.reduce<PhaseState>((before, over, index) => {
    const number = index + 1;
    const record = attempt({ keptStep: null, head: null, ...over, attempt: number, resumedFrom: before.head });
    records.push(record);
    const part = { attempt: attemptName(number), upTo: record.keptStep ?? 0 };
    const lineage = extendLineage(before.lineage, {
      attempt: part,
      resumedFrom: before.head,
      head: record.head ?? null,
    });
    return { ...decide(config, before, record, record.head ?? null).phase, attempts: number, lineage };
  }, newPhase('p1'));
  return { records, state };
}

const own = (number: number, step: number) => ({
  keptStep: step,
  head: checkpoint(step, { attempt: attemptName(number) }),
});

describe('domain: a phase from its records', () => {
  it('is what the workflow knew: budgets, skipped samples, lineage, newest checkpoint', () => {
    const { records, state } = live([
      { ending: 'preempted', ...own(1, 40) },
      { ending: 'user-error', head: checkpoint(40) },
      { ending: 'preempted', ...own(3, 120) },
      { ending: 'loss-spike', head: checkpoint(40), spike: { step: 110, before: 100, until: 115 } },
      { ending: 'lost-peer', ...own(5, 60) },
      { ending: 'no-capacity', head: checkpoint(60, { attempt: 'a005' }) },
    ]);
    assert.deepEqual(phaseFromRecords(config, 'p1', records), state);
    assert.deepEqual([state.userErrors, state.spikes, state.capacityWaits, state.skipWindows.length], [1, 1, 1, 1]);
  });

  it('of a run without a record is a new one', () => {
    assert.deepEqual(phaseFromRecords(config, 'p1', []), newPhase('p1'));
  });

  it('takes what the next attempt resumed from where a record of the first release names no head', () => {
    const { head: _head, ...first } = attempt({ attempt: 1, keptStep: 120 });
    const second = attempt({
      attempt: 2,
      resumedFrom: checkpoint(80),
      keptStep: 160,
      head: checkpoint(160, { attempt: 'a002' }),
    });
    const state = phaseFromRecords(config, 'p1', [first, second]);
    assert.deepEqual([state.head?.step, state.attempts], [160, 2]);
    assert.deepEqual(state.lineage, [
      { attempt: 'a001', upTo: 80 },
      { attempt: 'a002', upTo: 160 },
    ]);
  });
});
