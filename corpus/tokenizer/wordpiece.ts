import type { Vocabulary } from '../vocabulary/vocabulary.js';

/** The ids of one word. */
export type EncodeWord = (word: string) => readonly number[];

const mostCached = 500_000;

/**
 * Makes google-research/bert's WordpieceTokenizer: greedy, longest piece first; a word that cannot be covered, or that
 * has more than `maxWordLength` characters, is one [UNK]. Words are remembered, since a text repeats most of them.
 */
export function wordPieceEncoder(vocabulary: Vocabulary, maxWordLength: number): EncodeWord {
  const { ids, longestPiece, special } = vocabulary;
  const unknown: readonly number[] = [special.unk];
  const cache = new Map<string, readonly number[]>();
  return (word) => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    if (cache.size >= mostCached) cache.clear();
    const pieces = cutIntoPieces(word, ids, longestPiece, maxWordLength) ?? unknown;
    cache.set(word, pieces);
    return pieces;
  };
}

function cutIntoPieces(
  word: string,
  ids: ReadonlyMap<string, number>,
  longestPiece: number,
  maxWordLength: number,
): number[] | undefined {
  const isTooLong = word.length > maxWordLength && [...word].length > maxWordLength;
  if (isTooLong) return undefined;
  const pieces: number[] = [];
  let start = 0;
  while (start < word.length) {
    const prefix = start === 0 ? '' : '##';
    let end = Math.min(word.length, start + longestPiece);
    let id: number | undefined;
    while (end > start && (id = ids.get(prefix + word.slice(start, end))) === undefined) end--;
    if (id === undefined) return undefined;
    pieces.push(id);
    start = end;
  }
  return pieces;
}
