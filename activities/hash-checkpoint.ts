import type { BlobContainer } from '../azure/blob.js';
import { type ListedCheckpoint, MANIFEST } from '../domain/resume/listing.js';
import { type CheckpointRecord, badRecord, readManifest, recordOf } from '../domain/resume/verification.js';
import { writeRecord } from './checkpoint-records.js';

/** Hashes every file of a checkpoint, streamed, and keeps what came of it. @throws AzureError where the storage does not answer */
export async function hashCheckpoint(
  store: BlobContainer,
  run: string,
  phase: string,
  checkpoint: ListedCheckpoint,
  signal: AbortSignal,
): Promise<CheckpointRecord> {
  const record = await verify(store, phase, checkpoint, signal);
  await writeRecord(store, run, phase, checkpoint, record);
  return record;
}

async function verify(
  store: BlobContainer,
  phase: string,
  checkpoint: ListedCheckpoint,
  signal: AbortSignal,
): Promise<CheckpointRecord> {
  const manifest = readManifest(checkpoint, phase, await store.json(`${checkpoint.path}/${MANIFEST}`, signal));
  if ('bad' in manifest) return badRecord(checkpoint, manifest.bad);
  const hashes: Record<string, string> = {};
  for (const { name } of manifest.files) {
    hashes[name] = (await store.sha256(`${checkpoint.path}/${name}`, { signal })).sha256;
  }
  return recordOf(checkpoint, manifest, hashes);
}
