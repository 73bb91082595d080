import type { LineagePart } from './attempts.js';
import type { CheckpointRef } from './checkpoints.js';

/** Parts remembered, about 35 bytes each in workflow state. A part that is forgotten lies far below the newest checkpoint. */
const LONGEST = 200;

/**
 * The lineage after an attempt: what the attempt kept is added. Where the run falls back to an older checkpoint, all steps above it are taken
 * out, so that a checkpoint that the trainer refused is never offered again.
 * @param resumedFrom what the attempt continued from; after `--continue` its attempt may not stand in the lineage yet
 * @param head the checkpoint that counts now; null where none does
 */
export function extendLineage(
  before: readonly LineagePart[],
  ended: {
    readonly attempt: LineagePart;
    readonly resumedFrom: CheckpointRef | null;
    readonly head: CheckpointRef | null;
  },
): LineagePart[] {
  const { attempt, resumedFrom, head } = ended;
  const resumedUnnamed = resumedFrom !== null && !before.some((part) => part.attempt === resumedFrom.attempt);
  const begun = resumedUnnamed ? [{ attempt: resumedFrom.attempt, upTo: resumedFrom.step }] : [];
  const highest = head?.step ?? 0;
  const parts = [...begun, ...before, attempt].map((part) => ({ ...part, upTo: Math.min(part.upTo, highest) }));
  return parts.slice(-LONGEST);
}
