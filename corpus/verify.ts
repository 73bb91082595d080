import { join } from 'node:path';
import { hashFile } from './hash.js';
import { readManifest, type DatasetManifest } from './manifest.js';

/** A file of a dataset that is not what the manifest says. */
export interface BadFile {
  readonly file: string;
  /** One sentence: what is wrong and what to do. */
  readonly problem: string;
}

export interface Verification {
  readonly manifest: DatasetManifest;
  readonly checkedFiles: number;
  /** Empty when every file is as the manifest says. */
  readonly bad: readonly BadFile[];
}

/**
 * Reads every file a dataset's manifest names and compares size and sha256.
 * @throws CorpusError when the manifest itself is absent or wrong; bad files are returned, all of them.
 */
export async function verifyDataset(dir: string): Promise<Verification> {
  const manifest = await readManifest(dir);
  const { vocabulary } = manifest;
  const shards = manifest.sets.flatMap(({ train, heldout }) => [...train.shards, ...heldout.shards]);
  const files: ExpectedFile[] = [{ file: vocabulary.file, sha256: vocabulary.sha256 }, ...shards];
  const bad: BadFile[] = [];
  for (const expected of files) {
    const problem = await problemOf(dir, expected);
    if (problem !== undefined) bad.push({ file: expected.file, problem });
  }
  return { manifest, checkedFiles: files.length, bad };
}

interface ExpectedFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes?: number;
}

async function problemOf(dir: string, { file, bytes, sha256 }: ExpectedFile): Promise<string | undefined> {
  const found = await hashFile(join(dir, file)).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error) {
    return `${file} cannot be read (${(found).code ?? found.message}): prepare or copy it again.`;
  }
  const hasOtherSize = bytes !== undefined && found.bytes !== bytes;
  if (hasOtherSize) return `${file} has ${found.bytes} bytes instead of ${bytes}: prepare or copy it again.`;
  return found.sha256 === sha256
    ? undefined
    : `${file} has other content than the manifest says: prepare or copy it again.`;
}
