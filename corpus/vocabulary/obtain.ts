import { readFile } from 'node:fs/promises';
import { CorpusError } from '../error.js';
import { isHeldOut } from '../heldout.js';
import type { Preparation } from '../options.js';
import type { ProgressMeter } from '../progress.js';
import { readSpool } from '../spool.js';
import { visitWords } from '../tokenizer/basic.js';
import { trainVocabulary } from './train.js';
import { parseVocabulary, type Vocabulary } from './vocabulary.js';

/** The vocabulary the options ask for: read from its file, or trained from the training pages of the spool. */
export async function obtainVocabulary(spool: string, options: Preparation, meter: ProgressMeter): Promise<Vocabulary> {
  const { vocabulary } = options;
  if ('file' in vocabulary) return parseVocabulary(await readVocabulary(vocabulary.file), vocabulary.file);
  const counts = new Map<string, number>();
  for await (const { page, sentences } of readSpool(spool)) {
    // A piece that only held-out pages suggest would tell the model something about them.
    if (isHeldOut(page, options.heldOutShare, options.seed)) continue;
    for (const sentence of sentences) {
      visitWords(sentence, options.lowercase, (word) => void counts.set(word, (counts.get(word) ?? 0) + 1));
    }
    await meter.breathe();
  }
  return trainVocabulary(counts, vocabulary.trainSize);
}

/** The text of a vocab.txt. @throws CorpusError when it cannot be read. */
export async function readVocabulary(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CorpusError(`The vocabulary ${file} cannot be read; name a vocab.txt with one piece a line.`, { cause });
  });
}
