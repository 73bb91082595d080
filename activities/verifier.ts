import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { LineagePart } from '../domain/attempts.js';
import type { RunConfig } from '../domain/config.js';
import { counts } from '../domain/lineage.js';
import { attemptName } from '../domain/names.js';
import { phaseAttemptsFolder } from '../domain/paths.js';
import { type ListedCheckpoint, MANIFEST, checkpointsAmong, isWhole } from '../domain/resume/listing.js';
import { type HeldCheckpoint, heldState, removable } from '../domain/retention.js';
import { type VerifiedName, readRecord, recordNames } from './checkpoint-records.js';
import { type Deps, type Place, report, storeOf } from './deps.js';
import { hashCheckpoint } from './hash-checkpoint.js';

export interface VerifierRequest {
  readonly place: Place;
  readonly phases: readonly string[];
  readonly pollSeconds: number;
}

export interface RetentionRequest {
  readonly place: Place;
  readonly phase: string;
  /** The attempt that lives; null where none does. */
  readonly attempt: number | null;
  readonly lineage: readonly LineagePart[];
  readonly keep: RunConfig['checkpoints']['keep'];
  /** Never deleted: the resume source of the live attempt, the head, what another phase begins with. */
  readonly inUse: readonly string[];
}

/** Work on checkpoints that is heavy, and so done on the data queue. */
export const verifierActivities = (deps: Deps) => ({
  /**
   * Hashes each checkpoint of a run once, when it appears. One look per attempt of the activity, repeated by BENIGN failures as long as the
   * execution of the workflow lives: it costs no history.
   */
  async verifyCheckpoints({ place, phases, pollSeconds }: VerifierRequest): Promise<never> {
    const store = storeOf(deps, place);
    const began = deps.now();
    let hashed = 0;
    for (const phase of phases) {
      const blobs = await store.list(`${phaseAttemptsFolder(place.run, phase)}/`, cancellationSignal());
      const known = await recordNames(store, place.run, phase);
      for (const checkpoint of checkpointsAmong(blobs).filter(isWhole)) {
        if (nameOf(known, checkpoint) !== undefined) continue;
        report({ stage: 'verify', path: checkpoint.path });
        await hashCheckpoint(store, place.run, phase, checkpoint, cancellationSignal());
        hashed++;
      }
    }
    // What is hashed has to be; the looking alone may wait.
    const seconds = hashed > 0 ? 0 : (deps.now() - began) / 1000;
    throw ApplicationFailure.create({
      type: 'RunGoesOn',
      message: `${hashed} checkpoints hashed at this look`,
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: Math.max(pollSeconds, deps.turns.verifications.next(deps.now(), seconds)) * 1000,
    });
  },

  /** Deletes the checkpoints of a phase that the retention rule lets go. Safe to repeat. @returns how many */
  async letGoCheckpoints(request: RetentionRequest): Promise<number> {
    const { place, phase, attempt, lineage, keep, inUse } = request;
    const store = storeOf(deps, place);
    const blobs = await store.list(`${phaseAttemptsFolder(place.run, phase)}/`, cancellationSignal());
    const names = await recordNames(store, place.run, phase);
    const checkpoints = checkpointsAmong(blobs);
    const held: HeldCheckpoint[] = [];
    for (const checkpoint of checkpoints) {
      const { path, step } = checkpoint;
      const wasHashed = nameOf(names, checkpoint) !== undefined;
      const record = wasHashed ? await readRecord(store, place.run, phase, checkpoint) : null;
      const loss = record?.verdict.kind === 'good' ? (record.verdict.loss ?? null) : null;
      const ended = attempt === null || checkpoint.attempt !== attemptName(attempt);
      held.push({ path, step, state: heldState(record, checkpoint), counts: counts(lineage, checkpoint), ended, loss });
    }
    const gone = new Set(removable(held, keep, inUse).map(({ path }) => path));
    for (const { path, files } of checkpoints.filter((checkpoint) => gone.has(checkpoint.path))) {
      // The manifest first: half a checkpoint must not look like a whole one.
      const ordered = [...files].sort((a, b) => Number(b.name === MANIFEST) - Number(a.name === MANIFEST));
      cancellationSignal().throwIfAborted();
      for (const { name } of ordered) await store.remove(`${path}/${name}`);
    }
    return gone.size;
  },
});

/** Whether a checkpoint was hashed, touched since or not. */
function nameOf(names: readonly VerifiedName[], { attempt, incarnation, step }: ListedCheckpoint) {
  return names.find(
    (name) => name.attempt === attempt && name.incarnation === incarnation && Number(name.step) === step,
  );
}
