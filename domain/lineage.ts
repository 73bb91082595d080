import type { AttemptRecord, LineagePart } from './attempts.js';
import type { CheckpointRef } from './checkpoints.js';
import { attemptName, attemptNumber } from './names.js';

/** Parts remembered, about 35 bytes each in workflow state. */
const LONGEST = 200;

/**
 * Up to which step the checkpoints of an attempt count. An attempt that was closed counts as far as its part says; a younger one than all
 * parts is open and counts wholly; an older one that has no part (it kept nothing, or was forgotten) counts not at all. So nothing that a
 * late writer of a closed attempt adds behind its end ever counts, whichever of the attempt's incarnations wrote it.
 */
export function countsUpTo(lineage: readonly LineagePart[], attempt: string): number {
  const part = lineage.find((one) => one.attempt === attempt);
  if (part !== undefined) return part.upTo;
  const youngest = Math.max(0, ...lineage.map((one) => attemptNumber(one.attempt)));
  return attemptNumber(attempt) > youngest ? Infinity : 0;
}

export const counts = (lineage: readonly LineagePart[], one: { readonly attempt: string; readonly step: number }) =>
  one.step <= countsUpTo(lineage, one.attempt);

/**
 * The lineage after an attempt: what the attempt kept is added. Where the run falls back to an older checkpoint, all steps above it are taken
 * out, so that a checkpoint that was refused or lies behind a spike is never offered again.
 * @param resumedFrom what the attempt continued from; after `--continue` its attempt may not stand in the lineage yet
 * @param head the checkpoint that counts now; null where none does
 */
export function extendLineage(
  before: readonly LineagePart[],
  ended: {
    readonly attempt: LineagePart;
    readonly resumedFrom: CheckpointRef | null;
    readonly head: { readonly step: number } | null;
  },
): LineagePart[] {
  const { attempt, resumedFrom, head } = ended;
  const resumedUnnamed = resumedFrom !== null && !before.some((part) => part.attempt === resumedFrom.attempt);
  const begun = resumedUnnamed ? [{ attempt: resumedFrom.attempt, upTo: resumedFrom.step }] : [];
  const highest = head?.step ?? 0;
  const parts = [...before, ...begun]
    .map((part) => ({ ...part, upTo: Math.min(part.upTo, highest) }))
    .filter((part) => part.upTo > 0);
  const all = [...parts, { ...attempt, upTo: Math.min(attempt.upTo, highest) }];
  // The oldest part stays for the day when every younger checkpoint is bad.
  return all.length <= LONGEST ? all : [...all.slice(0, 1), ...all.slice(1 - LONGEST)];
}

/**
 * The lineage that the records of a phase tell, for a run that is taken up without its workflow. What each attempt resumed from says what
 * counted after the one before it, fallbacks included.
 */
export function lineageOf(records: readonly AttemptRecord[]): LineagePart[] {
  const ordered = [...records].sort((a, b) => a.attempt - b.attempt);
  return ordered.reduce<LineagePart[]>((lineage, record, index) => {
    const next = ordered[index + 1];
    const head = next === undefined ? headAfter(record) : next.resumedFrom;
    const attempt = { attempt: attemptName(record.attempt), upTo: record.keptStep ?? 0 };
    return extendLineage(lineage, { attempt, resumedFrom: record.resumedFrom, head });
  }, []);
}

function headAfter({ head, keptStep, resumedFrom }: AttemptRecord): { readonly step: number } | null {
  if (head !== undefined) return head;
  return keptStep === null ? resumedFrom : { step: keptStep };
}
