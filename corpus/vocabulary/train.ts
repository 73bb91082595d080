import { chooseAlphabet } from './alphabet.js';
import { Heap } from './heap.js';
import { countPairs, mergePair, pairOf, type TrainingWord } from './pairs.js';
import { createVocabulary, specialTokens, type Vocabulary } from './vocabulary.js';

/**
 * Trains a WordPiece vocabulary by byte-pair merges over word counts: the most frequent neighbours are joined first, and of
 * equally frequent ones those with the smaller ids, so the same counts give the same vocabulary in whatever order they come.
 * @param counts how often each word occurs, words as the basic tokenizer makes them
 * @param size entries wanted, special tokens included; fewer come out when no two pieces are neighbours twice
 */
export function trainVocabulary(counts: ReadonlyMap<string, number>, size: number): Vocabulary {
  const pieces: string[] = [...specialTokens, ...chooseAlphabet(counts, size)];
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const words = spellWords(counts, ids);
  const table = countPairs(words);
  const heap = new Heap<Candidate>(comesFirst);
  for (const [pair, count] of table.counts) heap.push({ pair, count });
  while (pieces.length < size) {
    const best = heap.pop();
    if (best === undefined || best.count < 2) break;
    const count = table.counts.get(best.pair) ?? 0;
    const isOutdated = count !== best.count;
    if (isOutdated) {
      if (count > 0) heap.push({ pair: best.pair, count });
      continue;
    }
    const [left, right] = pairOf(best.pair);
    const merged = (pieces[left] as string) + (pieces[right] as string).replace(/^##/, '');
    const id = ids.get(merged) ?? pieces.push(merged) - 1;
    ids.set(merged, id);
    for (const pair of mergePair(words, table, best.pair, id)) heap.push({ pair, count: table.counts.get(pair) ?? 0 });
  }
  return createVocabulary(pieces, 'the trained vocabulary');
}

interface Candidate {
  readonly pair: number;
  readonly count: number;
}

function comesFirst(a: Candidate, b: Candidate): boolean {
  return a.count > b.count || (a.count === b.count && a.pair < b.pair);
}

/** Words as piece ids, in an order that does not depend on that of the counts; a word with a rare character is left out. */
function spellWords(counts: ReadonlyMap<string, number>, ids: ReadonlyMap<string, number>): TrainingWord[] {
  const words: TrainingWord[] = [];
  for (const [word, count] of counts) {
    const spelled = Array.from(word, (character, index) => ids.get(index === 0 ? character : `##${character}`));
    const isKnown = spelled.every((id) => id !== undefined);
    if (isKnown && spelled.length > 1) words.push({ ids: spelled, count });
  }
  return words;
}
