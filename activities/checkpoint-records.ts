import type { BlobContainer } from '../azure/blob.js';
import { verifiedFolder } from '../domain/paths.js';
import type { ListedCheckpoint } from '../domain/resume/listing.js';
import type { CheckpointRecord } from '../domain/resume/verification.js';

/**
 * Records of checkpoints that were hashed, one small blob each: `<phase>/verified/a003/<incarnation>/000000120.good.json`. The verdict
 * stands in the name, so that a listing alone tells which checkpoints are good.
 */
const NAME = /\/verified\/(a\d+)\/([^/]+)\/(\d{9})\.(good|bad)\.json$/;

export interface VerifiedName {
  readonly attempt: string;
  readonly incarnation: string;
  readonly step: string;
  readonly verdict: 'good' | 'bad';
}

/** What the name of a record says; null for other blobs. */
export function verifiedName(path: string): VerifiedName | null {
  const [, attempt, incarnation, step, verdict] = NAME.exec(path) ?? [];
  if (attempt === undefined || incarnation === undefined || step === undefined) return null;
  return { attempt, incarnation, step, verdict: verdict === 'good' ? 'good' : 'bad' };
}

/** Names of all records of a phase: one listing, nothing is read. */
export async function recordNames(store: BlobContainer, run: string, phase: string): Promise<VerifiedName[]> {
  const blobs = await store.list(`${verifiedFolder(run, phase)}/`);
  return blobs.flatMap(({ path }) => verifiedName(path) ?? []);
}

/** The record of a checkpoint; null where there is none, or a damaged one: the checkpoint is hashed anew. */
export async function readRecord(
  store: BlobContainer,
  run: string,
  phase: string,
  checkpoint: ListedCheckpoint,
): Promise<CheckpointRecord | null> {
  for (const verdict of ['good', 'bad']) {
    const read = await store.json(`${stemOf(run, phase, checkpoint)}.${verdict}.json`);
    if (isRecord(read)) return read;
  }
  return null;
}

/** Keeps a record in place of an earlier one of the same checkpoint. */
export async function writeRecord(
  store: BlobContainer,
  run: string,
  phase: string,
  checkpoint: ListedCheckpoint,
  record: CheckpointRecord,
): Promise<void> {
  const stem = stemOf(run, phase, checkpoint);
  const { kind } = record.verdict;
  await store.write(`${stem}.${kind}.json`, JSON.stringify(record));
  await store.remove(`${stem}.${kind === 'good' ? 'bad' : 'good'}.json`);
}

function stemOf(run: string, phase: string, { attempt, incarnation, step }: ListedCheckpoint): string {
  return `${verifiedFolder(run, phase)}/${attempt}/${incarnation}/${String(step).padStart(9, '0')}`;
}

function isRecord(value: unknown): value is CheckpointRecord {
  const record = value as Partial<CheckpointRecord> | null;
  return typeof record?.path === 'string' && Array.isArray(record.files) && record.verdict !== undefined;
}
