import { cancellationSignal } from '@temporalio/activity';
import type { BlobContainer } from '../azure/blob.js';
import {
  type CheckpointManifest,
  type CheckpointRef,
  type RejectedCheckpoint,
  newestFirst,
} from '../domain/checkpoints.js';
import type { LineagePart } from '../domain/attempts.js';
import { counts } from '../domain/lineage.js';
import { type ListedCheckpoint, MANIFEST, checkpointsAmong } from '../domain/resume/listing.js';
import { readManifest } from '../domain/resume/verification.js';
import { phaseAttemptsFolder } from '../domain/paths.js';
import { type Deps, type Place, report, storeOf } from './deps.js';

export interface FoundCheckpoint {
  readonly checkpoint: CheckpointRef | null;
  readonly rejected: readonly RejectedCheckpoint[];
}

export const checkpointActivities = (deps: Deps) => ({
  /**
   * The resume ladder: the newest checkpoint of the lineage whose manifest reads and whose every file has the bytes and SHA-256 it names.
   * @param lineage up to which step each attempt counts (`domain/lineage.ts`)
   * @param below look only at steps below this one (the trainer refused the checkpoint it was given)
   */
  async findCheckpoint(request: {
    place: Place;
    phase: string;
    lineage: readonly LineagePart[];
    below: number | null;
  }): Promise<FoundCheckpoint> {
    const { place, phase, lineage, below } = request;
    const store = storeOf(deps, place);
    const blobs = await store.list(`${phaseAttemptsFolder(place.run, phase)}/`, cancellationSignal());
    const candidates = newestFirst(checkpointsAmong(blobs)).filter(
      (candidate) => counts(lineage, candidate) && (below === null || candidate.step < below),
    );
    const rejected: RejectedCheckpoint[] = [];
    for (const candidate of candidates) {
      report({ stage: 'verify', path: candidate.path });
      const verdict = await verify(store, candidate, phase);
      if (typeof verdict === 'string') rejected.push({ path: candidate.path, reason: verdict });
      else return { checkpoint: toRef(candidate, verdict), rejected };
    }
    return { checkpoint: null, rejected };
  },
});

/** The manifest, or the reason in words why the checkpoint must not be used. */
async function verify(
  store: BlobContainer,
  candidate: ListedCheckpoint,
  phase: string,
): Promise<CheckpointManifest | string> {
  const manifest = readManifest(candidate, phase, await store.json(`${candidate.path}/${MANIFEST}`));
  if ('bad' in manifest) return manifest.bad;
  for (const file of manifest.files) {
    const read = await store.sha256(`${candidate.path}/${file.name}`, { signal: cancellationSignal() });
    if (read.sha256 !== file.sha256) return `${file.name} is damaged: its SHA-256 differs from the manifest`;
  }
  return manifest;
}

function toRef({ attempt, incarnation, step, path }: ListedCheckpoint, manifest: CheckpointManifest): CheckpointRef {
  const { phase, sampleHash, at, cursor } = manifest;
  const position = cursor === undefined ? {} : { position: cursor.position };
  return { phase, attempt, incarnation, step, path, sampleHash, at, ...position };
}
