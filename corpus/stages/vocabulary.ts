import { readWhole } from '../files/files.js';
import { sha256 } from '../identity.js';
import type { SpecialIds, Vocabulary } from '../vocabulary/vocabulary.js';
import { formatVocabulary, parseVocabulary } from '../vocabulary/vocabulary.js';
import { trainVocabulary } from '../vocabulary/train.js';
import { readDone } from './done.js';
import { givenVocabularyFile, type Plan } from './plan.js';
import { lastTextStage, textFile } from './text-files.js';
import type { TextDone } from './text.js';
import { mergeCounts } from './words.js';
import { inOrder, type Workshop } from './workshop.js';

export const vocabularyFile = 'vocab.txt';

/** The vocabulary, and what all pieces of text came to. */
export interface VocabularyDone {
  readonly size: number;
  readonly sha256: string;
  readonly special: SpecialIds;
  /** Of all text. */
  readonly characters: number;
}

/** Writes the dataset's vocabulary: the one that was named, or one trained from the words of all pieces. */
export async function makeVocabulary(plan: Plan, shop: Workshop): Promise<VocabularyDone> {
  const { options, pieces, sizes } = plan;
  const stage = lastTextStage(plan);
  const vocabulary =
    'file' in options.vocabulary
      ? parseVocabulary(Buffer.from(await readWhole(shop.work, givenVocabularyFile)).toString('utf8'), 'the vocabulary')
      : trainVocabulary(
          await mergeCounts(
            pieces.map((_, piece) => textFile(stage, piece, 'words')),
            sizes.vocabularyWords,
            shop,
          ),
          options.vocabulary.trainSize,
        );
  const text = formatVocabulary(vocabulary);
  await shop.out.write(vocabularyFile, Buffer.from(text));
  const done = await inOrder(pieces.length, 8, (piece) => readDone<TextDone>(shop.work, stage, piece));
  return {
    size: vocabulary.pieces.length,
    sha256: sha256(text),
    special: vocabulary.special,
    characters: done.reduce((sum, text) => sum + text.characters, 0),
  };
}

/** The vocabulary that `makeVocabulary` wrote. */
export async function readVocabulary(shop: Workshop): Promise<Vocabulary> {
  return parseVocabulary(Buffer.from(await readWhole(shop.out, vocabularyFile)).toString('utf8'), vocabularyFile);
}
