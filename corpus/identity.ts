import { createHash } from 'node:crypto';
import { CorpusError } from './error.js';
import { hashFile } from './hash.js';
import type { DatasetManifest } from './manifest.js';
import type { Preparation } from './options.js';
import { readVocabulary } from './vocabulary/obtain.js';

/** Grows with every change that gives other bytes for the same dump and options. */
const preparerVersion = 2;

/** What a dataset is made from: the dump and the vocabulary file by their hashes, never by path, and every option. */
export async function identityOf(dump: string, options: Preparation): Promise<DatasetManifest['createdFrom']> {
  const { vocabulary, ...rest } = options;
  return {
    preparer: preparerVersion,
    dump: await hashFile(dump).catch((cause: unknown) => {
      throw new CorpusError(`The dump ${dump} cannot be read; name a .xml or .xml.bz2 file.`, { cause });
    }),
    options: {
      ...rest,
      vocabulary: 'file' in vocabulary ? { fileSha256: sha256(await readVocabulary(vocabulary.file)) } : vocabulary,
    },
  };
}

/** The sha256 of a text, hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
