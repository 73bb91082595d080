import type { Vocabulary } from '../vocabulary/vocabulary.js';
import { keptFor } from '../kept-for.js';
import { pieceTrie, roots, slotOf } from './trie.js';
import { idOfWhole, wholeWords } from './whole-words.js';

/**
 * Writes the ids of the word `codes[start .. end]`, in UTF-16 units, to `ids` from `at` on.
 * @returns where it stopped writing
 */
export type EncodeWord = (codes: Uint16Array, start: number, end: number, ids: Uint16Array, at: number) => number;

/** Both take a while to make, and every task needs them. */
const tablesOf = {
  cased: keptFor((vocabulary: Vocabulary) => tables(vocabulary, false)),
  uncased: keptFor((vocabulary: Vocabulary) => tables(vocabulary, true)),
};

function tables(vocabulary: Vocabulary, lowercase: boolean) {
  return { trie: pieceTrie(vocabulary, lowercase), whole: wholeWords(vocabulary, lowercase) };
}

/**
 * Makes google-research/bert's WordpieceTokenizer: greedy, longest piece first; a word that cannot be covered, or that
 * has more than `maxWordLength` characters, is one [UNK].
 */
export function wordPieceEncoder(vocabulary: Vocabulary, lowercase: boolean, maxWordLength: number): EncodeWord {
  const { trie, whole } = tablesOf[lowercase ? 'uncased' : 'cased'](vocabulary);
  const { slots, mask, symbols } = trie;
  const { unk } = vocabulary.special;
  return (codes, start, end, ids, at) => {
    const isTooLong = end - start > maxWordLength && charactersOf(codes, start, end) > maxWordLength;
    if (!isTooLong) {
      // The longest piece that a word can start with is all of it.
      const id = idOfWhole(whole, codes, start, end);
      if (id >= 0) {
        ids[at] = id;
        return at + 1;
      }
    }
    let next = isTooLong ? end : start;
    let written = at;
    let root: number = roots.start;
    while (next < end) {
      let node = root;
      let id = -1;
      for (let index = next; index < end; index++) {
        const symbol = symbols[codes[index] as number] as number;
        if (symbol === 0) break;
        const slot = slotOf(slots, mask, node, symbol);
        node = slots[slot + 2] as number;
        if (node === 0) break;
        const ending = slots[slot + 3] as number;
        if (ending >= 0) {
          id = ending;
          next = index + 1;
        }
      }
      if (id < 0) {
        written = at;
        break;
      }
      ids[written++] = id;
      root = roots.continuation;
    }
    if (written === at) ids[written++] = unk;
    return written;
  };
}

/** A pair of surrogates is one character. */
function charactersOf(codes: Uint16Array, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index++) {
    const isSecondHalf =
      ((codes[index] as number) & 0xfc00) === 0xdc00 && ((codes[index - 1] as number) & 0xfc00) === 0xd800;
    if (!isSecondHalf || index === start) count++;
  }
  return count;
}
