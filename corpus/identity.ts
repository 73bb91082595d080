import { createHash } from 'node:crypto';
import { CorpusError } from './error.js';
import { hashFile } from './hash.js';
import type { DatasetManifest } from './manifest.js';
import type { Preparation } from './options.js';
import type { Sizes } from './stages/plan.js';

/** Grows with every change that gives other bytes for the same dump and options. */
const preparerVersion = 3;

/** What tells an input from every other: its content where that can be hashed, else what its server says of this version of it. */
export type SourceIdentity = Readonly<Record<string, string | number>> & { readonly bytes: number };

/** What a dataset is made from: input and vocabulary by their content, never by path, and every parameter. */
export function describeInputs(
  { dump, index }: { readonly dump: SourceIdentity; readonly index?: SourceIdentity | undefined },
  options: Preparation,
  givenVocabulary: string | undefined,
  { poolTokens, vocabularyWords }: Sizes,
): DatasetManifest['createdFrom'] {
  const { vocabulary, nearDuplicates, ...rest } = options;
  // Left out where it is off: datasets of before keep their names.
  const filter = nearDuplicates === undefined ? {} : { nearDuplicates };
  const named = givenVocabulary === undefined ? vocabulary : { fileSha256: sha256(givenVocabulary) };
  return {
    preparer: preparerVersion,
    dump,
    ...(index && { index }),
    poolTokens,
    vocabularyWords,
    options: { ...rest, ...filter, vocabulary: named },
  };
}

/** Identity of a local file. @throws CorpusError when it cannot be read */
export async function identityOfFile(file: string): Promise<SourceIdentity> {
  return hashFile(file).catch((cause: unknown) => {
    throw new CorpusError(`The dump ${file} cannot be read; name a .xml or .xml.bz2 file.`, { cause });
  });
}

/** The sha256 of a text, hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
