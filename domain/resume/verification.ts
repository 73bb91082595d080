import { type CheckpointManifest, type CheckpointRef, checkpointManifestSchema } from '../checkpoints.js';
import type { ListedCheckpoint, ListedFile } from './listing.js';

/**
 * What came of hashing a checkpoint: once, when it appears. At a decision only sizes and ETags are compared with it (`stands`).
 * JSON; lies in Blob, never in workflow state.
 */
export interface CheckpointRecord {
  readonly path: string;
  /** All files of the folder as they were when they were hashed, the manifest among them. */
  readonly files: readonly ListedFile[];
  readonly verdict: CheckpointVerdict;
}

export type CheckpointVerdict =
  | {
      readonly kind: 'good';
      readonly sampleHash: string;
      readonly at: string;
      readonly parent: CheckpointManifest['parent'];
      /** Position in the sample order behind its last step; null where the manifest names none. */
      readonly position: number | null;
      /** Mean training loss of the steps since the checkpoint before; null where the manifest names none. */
      readonly loss: number | null;
    }
  | { readonly kind: 'bad'; readonly reason: string };

/**
 * Reads a manifest against the folder that it lies in.
 * @param raw parsed JSON, or null where the file is not whole JSON
 * @returns the manifest, whose files are then hashed, or the reason in words why the checkpoint must not be used
 */
export function readManifest(
  checkpoint: ListedCheckpoint,
  phase: string,
  raw: unknown,
): CheckpointManifest | { readonly bad: string } {
  if (raw === null) return { bad: 'it has no whole manifest.json: the node was lost while it was written' };
  const parsed = checkpointManifestSchema.safeParse(raw);
  if (!parsed.success)
    return { bad: `its manifest.json is not valid (${parsed.error.issues[0]?.path.join('.') ?? '?'})` };
  const manifest = parsed.data;
  const { step, attempt, incarnation } = manifest;
  const fits =
    step === checkpoint.step &&
    manifest.phase === phase &&
    attempt === checkpoint.attempt &&
    incarnation === checkpoint.incarnation;
  if (!fits) return { bad: `its manifest names step ${step} of ${manifest.phase}/${attempt}/${incarnation}` };
  for (const { name, bytes } of manifest.files) {
    const listed = checkpoint.files.find((file) => file.name === name);
    if (listed === undefined) return { bad: `${name} is missing` };
    if (listed.bytes !== bytes) return { bad: `${name} has ${listed.bytes} bytes, its manifest says ${bytes}` };
  }
  return manifest;
}

/** @param hashes SHA-256 by file name, as read from the storage now */
export function recordOf(
  checkpoint: ListedCheckpoint,
  manifest: CheckpointManifest,
  hashes: Readonly<Record<string, string>>,
): CheckpointRecord {
  const damaged = manifest.files.find(({ name, sha256 }) => hashes[name] !== sha256);
  if (damaged !== undefined)
    return badRecord(checkpoint, `${damaged.name} is damaged: its SHA-256 differs from the manifest`);
  const { sampleHash, at, parent, cursor, loss } = manifest;
  const position = cursor?.position ?? null;
  const verdict = { kind: 'good', sampleHash, at, parent, position, loss: loss ?? null } as const;
  return { path: checkpoint.path, files: checkpoint.files, verdict };
}

export const badRecord = ({ path, files }: ListedCheckpoint, reason: string): CheckpointRecord => ({
  path,
  files,
  verdict: { kind: 'bad', reason },
});

/** True where no file of the checkpoint was written or lost since it was hashed. */
export function stands(record: CheckpointRecord, { files }: ListedCheckpoint): boolean {
  return record.files.every(({ name, bytes, etag }) =>
    files.some((file) => file.name === name && file.bytes === bytes && bare(file.etag) === bare(etag)),
  );
}

/** Records of older releases hold ETags without quotation marks. */
const bare = (etag: string) => etag.replaceAll('"', '');

export function refOf(
  checkpoint: ListedCheckpoint,
  phase: string,
  { sampleHash, at, position }: Extract<CheckpointVerdict, { kind: 'good' }>,
): CheckpointRef {
  const { attempt, incarnation, step, path } = checkpoint;
  return { phase, attempt, incarnation, step, path, sampleHash, at, ...(position === null ? {} : { position }) };
}
