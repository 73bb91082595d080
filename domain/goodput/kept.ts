import type { AttemptRecord } from '../attempts.js';
import type { CheckpointRef } from '../checkpoints.js';
import { attemptName } from '../names.js';

/** Up to where the lineage holds an attempt: the checkpoint that the next one went on from, or the head of the phase. */
export interface Kept {
  readonly step: number;
  readonly incarnation: string | null;
}

/**
 * What the lineage holds of each attempt in the end, by job name: from the head of every phase back through what each attempt resumed from. A
 * fallback below what an attempt had kept when it ended takes it back here; what is not named was undone.
 * @param heads by phase; where one is missing the last record's stands for it
 */
export function keptOf(
  attempts: readonly AttemptRecord[],
  heads: Readonly<Record<string, CheckpointRef | null>>,
): ReadonlyMap<string, Kept> {
  const kept = new Map<string, Kept>();
  for (const phase of new Set(attempts.map((record) => record.phase))) {
    const own = attempts.filter((record) => record.phase === phase).sort((a, b) => a.attempt - b.attempt);
    walk(own, heads[phase] ?? headOf(own), kept);
  }
  return kept;
}

type Place = Pick<CheckpointRef, 'attempt' | 'step'> & { readonly incarnation: string | null };

function walk(attempts: readonly AttemptRecord[], head: Place | null, kept: Map<string, Kept>): void {
  let place = head;
  let before = Infinity;
  while (place !== null) {
    const { attempt, step, incarnation }: Place = place;
    const record = attempts.find((one) => attemptName(one.attempt) === attempt);
    // Each attempt resumes from an older one: whatever a record says else is no lineage.
    if (record === undefined || record.attempt >= before) return;
    kept.set(record.jobName, { step, incarnation });
    before = record.attempt;
    place = record.resumedFrom;
  }
}

/** What counted after the last attempt; records of the first release do not name it. */
function headOf(attempts: readonly AttemptRecord[]): Place | null {
  const last = attempts.at(-1);
  if (last === undefined) return null;
  if (last.head !== undefined) return last.head;
  const { attempt, keptStep, resumedFrom } = last;
  return keptStep === null ? resumedFrom : { attempt: attemptName(attempt), step: keptStep, incarnation: null };
}
