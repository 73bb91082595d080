import { cancellationSignal } from '@temporalio/activity';
import type { LineagePart } from '../domain/attempts.js';
import type { CheckpointRef, RejectedCheckpoint } from '../domain/checkpoints.js';
import { type QuarantineAction, climb, quarantined } from '../domain/resume/ladder.js';
import { phaseAttemptsFolder } from '../domain/paths.js';
import { type ListedCheckpoint, MANIFEST, checkpointsAmong } from '../domain/resume/listing.js';
import { type CheckpointRecord, stands } from '../domain/resume/verification.js';
import { readRecord } from './checkpoint-records.js';
import { type Deps, type Place, report, storeOf } from './deps.js';
import { hashCheckpoint } from './hash-checkpoint.js';

export interface FoundCheckpoint {
  readonly checkpoint: CheckpointRef | null;
  readonly rejected: readonly RejectedCheckpoint[];
  readonly quarantined: readonly QuarantineAction[];
}

export interface LadderRequest {
  readonly place: Place;
  readonly phase: string;
  /** Up to which step each attempt counts (`domain/lineage.ts`). */
  readonly lineage: readonly LineagePart[];
  /** Only steps below this one; null for all. */
  readonly below: number | null;
  /** A checkpoint that verified here and that the trainer refused: it goes into quarantine too. */
  readonly refused: { readonly path: string; readonly reason: string } | null;
}

export const checkpointActivities = (deps: Deps) => ({
  /**
   * The resume ladder (`domain/resume/ladder.ts`): newest checkpoint of the lineage that verified and was not touched since. One that nobody
   * has hashed yet is hashed now. Bad ones go into quarantine. An error of the storage never moves a rung down: it is thrown and retried.
   */
  async findCheckpoint(request: LadderRequest): Promise<FoundCheckpoint> {
    const { place, phase, lineage, below, refused } = request;
    const store = storeOf(deps, place);
    const blobs = await store.list(`${phaseAttemptsFolder(place.run, phase)}/`, cancellationSignal());
    const checkpoints = checkpointsAmong(blobs);
    const records: CheckpointRecord[] = [];
    for (;;) {
      const answer = climb({ phase, checkpoints, records, lineage, below });
      if (answer.kind === 'verify') {
        report({ stage: 'verify', path: answer.checkpoint.path });
        const kept = await readRecord(store, place.run, phase, answer.checkpoint);
        const fresh = kept !== null && stands(kept, answer.checkpoint) ? kept : null;
        records.push(fresh ?? (await hashCheckpoint(store, place.run, phase, answer.checkpoint, cancellationSignal())));
        continue;
      }
      const actions = [...answer.quarantine, ...(refused === null ? [] : [quarantined(refused.path, refused.reason)])];
      for (const action of actions) await moveAway(deps, place, action, checkpoints);
      const checkpoint = answer.kind === 'take' ? answer.checkpoint : null;
      return { checkpoint, rejected: answer.rejected, quarantined: actions };
    }
  },
});

/** The manifest leaves first: from then on the folder is no checkpoint, however far the rest has come. Safe to repeat. */
async function moveAway(
  deps: Deps,
  place: Place,
  { path, to, reason }: QuarantineAction,
  checkpoints: readonly ListedCheckpoint[],
): Promise<void> {
  const store = storeOf(deps, place);
  const names = checkpoints.find((one) => one.path === path)?.files.map(({ name }) => name) ?? [];
  const ordered = [...names].sort((a, b) => Number(b === MANIFEST) - Number(a === MANIFEST));
  await store.write(`${to}/reason.txt`, `${reason}\n`);
  for (const name of ordered) {
    const isThere = (await store.info(`${path}/${name}`)) !== null;
    if (!isThere) continue;
    await store.copyFrom(store, `${path}/${name}`, `${to}/${name}`, cancellationSignal());
    await store.remove(`${path}/${name}`);
  }
}
