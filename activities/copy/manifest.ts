import { ApplicationFailure } from '@temporalio/common';
import { textOf } from '../../azure/copy/whole.js';
import type { CopySource } from '../../azure/copy/source.js';
import type { KnownContent } from '../../azure/copy/wanted.js';
import { type DatasetManifest, DatasetManifestSchema } from '../../corpus/manifest.js';
import { below } from './source.js';

/** A file that a manifest names. */
export interface NamedFile {
  readonly file: string;
  /** Null where the manifest does not say. */
  readonly bytes: number | null;
  readonly sha256: string;
  /** Null where the manifest has no hashes of blocks: such a file is verified by reading it. */
  readonly known: KnownContent | null;
}

export interface FoundManifest {
  readonly manifest: DatasetManifest;
  /** As it was read: what is written at the destination, whatever becomes of the source meanwhile. */
  readonly text: string;
}

/** @param where the folder in words @throws a final failure where there is no dataset of ours, with what to do */
export async function readManifest(
  source: CopySource,
  folder: string,
  where: string,
  signal: AbortSignal,
): Promise<FoundManifest> {
  const found = await lookForManifest(source, folder, signal);
  if (found !== null) return found;
  throw ApplicationFailure.nonRetryable(await withoutManifest(source, folder, where, signal), 'NoDataset');
}

/** The manifest of a folder; null where there is none of ours. */
export async function lookForManifest(
  source: CopySource,
  folder: string,
  signal: AbortSignal,
): Promise<FoundManifest | null> {
  const text = await textOf(source, below(folder, 'manifest.json'), signal);
  const parsed = DatasetManifestSchema.safeParse(text === null ? null : parsedJson(text));
  return parsed.success && text !== null ? { manifest: parsed.data, text } : null;
}

/** One sentence about a folder without a manifest of ours: what lies there instead, and what to type. */
export async function withoutManifest(
  source: CopySource,
  folder: string,
  where: string,
  signal: AbortSignal,
): Promise<string> {
  if ((await source.look(below(folder, 'manifest.json'), signal)) !== null)
    return `${where}/manifest.json is not (or no longer) a dataset manifest that this version reads; prepare or copy the dataset again`;
  const prefix = folder === '' ? '' : below(folder, '');
  const blobs = await source.list(prefix, signal).catch(() => []);
  if (blobs.length === 0) return `${where} holds no dataset manifest of ours; is data.source.prefix right?`;
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes, 0);
  return (
    `${where} holds ${blobs.length} files (${(bytes / 1e6).toFixed(1)} MB) and no dataset manifest of ours: nothing trains on them as they are; ` +
    `turn them into shards first with \`npx bertha data convert CONFIG\``
  );
}

/** Every file that a dataset consists of, shards first. */
export function filesOf(manifest: DatasetManifest): NamedFile[] {
  const shards = manifest.sets.flatMap((set) => [...set.train.shards, ...set.heldout.shards]);
  const { file, sha256 } = manifest.vocabulary;
  const named = shards.map(({ file, bytes, sha256, blocks }) => {
    const known = blocks === undefined ? null : { bytes, sha256, md5: blocks.md5, blockBytes: blocks.bytes };
    return { file, bytes, sha256, known };
  });
  return [...named, { file, bytes: null, sha256, known: null }];
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
