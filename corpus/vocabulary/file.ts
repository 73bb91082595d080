import { readFile } from 'node:fs/promises';
import { CorpusError } from '../error.js';

/** The text of a vocab.txt. @throws CorpusError when it cannot be read. */
export async function readVocabularyFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CorpusError(`The vocabulary ${file} cannot be read; name a vocab.txt with one piece a line.`, { cause });
  });
}
