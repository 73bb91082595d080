import { type CheckpointRef, type RejectedCheckpoint, newestFirst } from '../checkpoints.js';
import type { LineagePart } from '../attempts.js';
import { counts, countsUpTo } from '../lineage.js';
import { type ListedCheckpoint, isWhole } from './listing.js';
import { type CheckpointRecord, refOf, stands } from './verification.js';

/** A bad checkpoint is moved out of the way, not deleted: somebody may want to know why. */
export interface QuarantineAction {
  readonly path: string;
  /** `<incarnation>/quarantine/step-000000120` */
  readonly to: string;
  readonly reason: string;
}

export interface LadderQuestion {
  readonly phase: string;
  readonly checkpoints: readonly ListedCheckpoint[];
  readonly records: readonly CheckpointRecord[];
  readonly lineage: readonly LineagePart[];
  /** Only steps below this one: the trainer refused the checkpoint it was given, or a spike lies above. */
  readonly below: number | null;
}

export type LadderAnswer = {
  /** Checkpoints above the answer, and why they are not it. */
  readonly rejected: readonly RejectedCheckpoint[];
  readonly quarantine: readonly QuarantineAction[];
} & (
  | { readonly kind: 'take'; readonly checkpoint: CheckpointRef }
  /** Not hashed yet, or written since: hash it, then ask again. An error of the storage never moves a rung down. */
  | { readonly kind: 'verify'; readonly checkpoint: ListedCheckpoint }
  | { readonly kind: 'nothing' }
);

/**
 * The resume ladder, as far as the records reach: the newest checkpoint of the lineage (any attempt, any incarnation, whatever is there at the
 * moment of the decision) that verified and was not touched since.
 */
export function climb(question: LadderQuestion): LadderAnswer {
  const { phase, checkpoints, records, lineage, below } = question;
  const byPath = new Map(records.map((record) => [record.path, record]));
  const rejected: RejectedCheckpoint[] = [];
  const quarantine: QuarantineAction[] = [];
  const reject = (checkpoint: ListedCheckpoint, reason: string) =>
    void rejected.push({ path: checkpoint.path, reason });
  const candidates = newestFirst(checkpoints).filter(
    (checkpoint) => counts(lineage, checkpoint) && (below === null || checkpoint.step < below),
  );
  for (const checkpoint of candidates) {
    if (!isWhole(checkpoint)) {
      reject(checkpoint, 'it has no whole manifest.json: the node was lost while it was written');
      continue;
    }
    const record = byPath.get(checkpoint.path);
    if (record === undefined || !stands(record, checkpoint))
      return { kind: 'verify', checkpoint, rejected, quarantine };
    const { verdict } = record;
    if (verdict.kind === 'bad') {
      reject(checkpoint, verdict.reason);
      quarantine.push(quarantined(checkpoint.path, verdict.reason));
      continue;
    }
    const { parent } = verdict;
    const parentWasUndone = parent !== null && parent.step > countsUpTo(lineage, parent.attempt);
    if (parentWasUndone) {
      reject(checkpoint, `it continues step ${parent.step} of ${parent.attempt}, which was undone`);
      continue;
    }
    return { kind: 'take', checkpoint: refOf(checkpoint, phase, verdict), rejected, quarantine };
  }
  return { kind: 'nothing', rejected, quarantine };
}

/** Also for a checkpoint that verified and that the trainer refused all the same. */
export function quarantined(path: string, reason: string): QuarantineAction {
  return { path, to: path.replace('/checkpoints/', '/quarantine/'), reason };
}
