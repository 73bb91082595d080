import { type AttemptRecord, type PhaseState, newPhase } from './attempts.js';
import type { RunConfig } from './config.js';
import { lineageOf } from './lineage.js';
import { decide } from './recovery.js';

/**
 * A phase as its records tell it, for a run whose workflow is lost: every decision is taken again from the same facts, so that budgets spent,
 * skipped samples and lineage are what they were. Records of the first release name no head; what the next attempt resumed from stands for it.
 * @param records of this phase; attempts that were submitted and never recorded are the caller's to find
 * @param isRenewed whether a person took the run up after it had ended and before this attempt: its budgets began anew
 */
export function phaseFromRecords(
  config: RunConfig,
  name: string,
  records: readonly AttemptRecord[],
  isRenewed: (record: AttemptRecord) => boolean = () => false,
): PhaseState {
  const ordered = [...records].sort((a, b) => a.attempt - b.attempt);
  const phase = ordered.reduce<PhaseState>((state, record, index) => {
    const before = isRenewed(record) ? renewed(state) : state;
    const head = record.head === undefined ? (ordered[index + 1]?.resumedFrom ?? before.head) : record.head;
    return { ...decide(config, before, record, head).phase, attempts: record.attempt };
  }, newPhase(name));
  return { ...phase, lineage: lineageOf(ordered) };
}

/** A person who takes up a run that has ended gives it its budgets again; what was learnt of data and numbers stays. */
export const renewed = (phase: PhaseState): PhaseState => ({
  ...phase,
  userErrors: 0,
  unknownEndings: 0,
  infrastructureErrors: 0,
  spikes: 0,
  withoutProgress: 0,
  preemptedInARow: 0,
  capacityWaits: 0,
});
