import { type AttemptRecord, type PhaseState, newPhase } from './attempts.js';
import type { RunConfig } from './config.js';
import { lineageOf } from './lineage.js';
import { type Decision, decide } from './recovery.js';

/**
 * A phase as its records tell it, for a run whose workflow is lost: every decision is taken again from the same facts, so that budgets spent,
 * skipped samples and lineage are what they were. Records of the first release name no head; what the next attempt resumed from stands for it.
 * @param records of this phase; attempts that were submitted and never recorded are the caller's to find
 */
export function phaseFromRecords(
  config: RunConfig,
  name: string,
  records: readonly AttemptRecord[],
): {
  readonly phase: PhaseState;
  /** The last one: a run that was held is still held. */ readonly decision: Decision | null;
} {
  const ordered = [...records].sort((a, b) => a.attempt - b.attempt);
  let phase = newPhase(name);
  let decision: Decision | null = null;
  for (const [index, record] of ordered.entries()) {
    const head = record.head === undefined ? (ordered[index + 1]?.resumedFrom ?? phase.head) : record.head;
    decision = decide(config, phase, record, head);
    phase = { ...decision.phase, attempts: record.attempt };
  }
  return { phase: { ...phase, lineage: lineageOf(ordered) }, decision };
}
