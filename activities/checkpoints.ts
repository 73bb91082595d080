import { cancellationSignal } from '@temporalio/activity';
import type { BlobContainer, BlobInfo } from '../azure/blob.js';
import {
  type CheckpointManifest,
  type CheckpointRef,
  type RejectedCheckpoint,
  checkpointManifestSchema,
  newestFirst,
} from '../domain/checkpoints.js';
import type { LineagePart } from '../domain/attempts.js';
import { phaseAttemptsFolder } from '../domain/paths.js';
import { type Deps, type Place, report, storeOf } from './deps.js';

export interface FoundCheckpoint {
  readonly checkpoint: CheckpointRef | null;
  readonly rejected: readonly RejectedCheckpoint[];
}

export const checkpointActivities = (deps: Deps) => ({
  /**
   * The resume ladder: the newest checkpoint of the lineage whose manifest reads and whose every file has the bytes and SHA-256 it names.
   * @param lineage attempts that count only up to a step; an attempt that is not named counts wholly
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
      (candidate) => counts(candidate, lineage) && (below === null || candidate.step < below),
    );
    const rejected: RejectedCheckpoint[] = [];
    for (const candidate of candidates) {
      report({ stage: 'verify', path: candidate.path });
      const verdict = await verify(store, candidate, phase, blobs);
      if (typeof verdict === 'string') rejected.push({ path: candidate.path, reason: verdict });
      else return { checkpoint: toRef(candidate, verdict), rejected };
    }
    return { checkpoint: null, rejected };
  },
});

interface Candidate {
  readonly attempt: string;
  readonly incarnation: string;
  readonly step: number;
  readonly path: string;
}

const CHECKPOINT_FILE = /\/attempts\/(a\d+)\/([^/]+)\/checkpoints\/step-(\d{9})\/[^/]+$/;

/** Checkpoint folders among blobs, also those that never got their manifest: they are reported, not passed over. */
export function checkpointsAmong(blobs: readonly BlobInfo[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { path } of blobs) {
    const match = CHECKPOINT_FILE.exec(path);
    if (match === null) continue;
    const folder = path.slice(0, path.lastIndexOf('/'));
    found.set(folder, { attempt: match[1] ?? '', incarnation: match[2] ?? '', step: Number(match[3]), path: folder });
  }
  return [...found.values()];
}

function counts(candidate: Candidate, lineage: readonly LineagePart[]): boolean {
  const part = lineage.find((entry) => entry.attempt === candidate.attempt);
  return part === undefined || candidate.step <= part.upTo;
}

/** The manifest, or the reason in words why the checkpoint must not be used. */
async function verify(
  store: BlobContainer,
  candidate: Candidate,
  phase: string,
  blobs: readonly BlobInfo[],
): Promise<CheckpointManifest | string> {
  const raw = await store.json(`${candidate.path}/manifest.json`);
  if (raw === null) return 'it has no whole manifest.json: the node was lost while it was written';
  const parsed = checkpointManifestSchema.safeParse(raw);
  if (!parsed.success) return `its manifest.json is not valid (${parsed.error.issues[0]?.path.join('.') ?? '?'})`;
  const manifest = parsed.data;
  const { step, attempt, incarnation } = manifest;
  const fits =
    step === candidate.step &&
    manifest.phase === phase &&
    attempt === candidate.attempt &&
    incarnation === candidate.incarnation;
  if (!fits) return `its manifest names step ${step} of ${manifest.phase}/${attempt}/${incarnation}`;
  for (const file of manifest.files) {
    const blob = blobs.find((info) => info.path === `${candidate.path}/${file.name}`);
    if (blob === undefined) return `${file.name} is missing`;
    if (blob.bytes !== file.bytes) return `${file.name} has ${blob.bytes} bytes, its manifest says ${file.bytes}`;
    const read = await store.sha256(blob.path, { signal: cancellationSignal() });
    if (read.sha256 !== file.sha256) return `${file.name} is damaged: its SHA-256 differs from the manifest`;
  }
  return manifest;
}

function toRef(candidate: Candidate, manifest: CheckpointManifest): CheckpointRef {
  return { phase: manifest.phase, ...candidate, sampleHash: manifest.sampleHash, at: manifest.at };
}
