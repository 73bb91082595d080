import type { Random } from './random.js';
import type { TokenisedDocuments } from './tokens.js';

/** Two stretches of tokens, half-open ranges of the flat token array, each within one document. */
export interface Pair {
  aStart: number;
  aEnd: number;
  bStart: number;
  bEnd: number;
  /** Whether B was taken from another document; never set for text of the same one. */
  readonly isRandomNext: boolean;
}

export interface PairOptions {
  /** Tokens a pair may hold: the sequence length without [CLS], [SEP], [SEP]. */
  readonly room: number;
  readonly shortSequenceProbability: number;
}

/**
 * The next-sentence pairs of one document, after create_instances_from_document of google-research/bert, with three
 * faults mended: a chunk always has two sentences (the last one of a document reaches back for its second), so the label
 * is a fair coin; the other document is never this one; where there is no other one every pair is an actual one.
 */
export function* pairsOf(
  documents: TokenisedDocuments,
  document: number,
  random: Random,
  options: PairOptions,
): Generator<Pair> {
  const { sentenceStarts: starts, documentStarts } = documents;
  const first = documentStarts[document] as number;
  const end = documentStarts[document + 1] as number;
  if (end - first < 2) return;
  const isShort = random.share() < options.shortSequenceProbability;
  const target = isShort ? 2 + random.below(options.room - 1) : options.room;
  let chunk = first;
  while (chunk < end) {
    const isRandomNext = random.share() < 0.5 && documents.pages.length > 1;
    const isLastAlone = end - chunk === 1;
    const from = isLastAlone && !isRandomNext ? chunk - 1 : chunk;
    let to = Math.min(from + 2, end);
    while (to < end && length(starts, from, to) < target) to++;
    const split = from + 1 + random.below(Math.max(1, to - from - 1));
    const needed = target - length(starts, from, split);
    const [bFrom, bTo] = isRandomNext ? elsewhere(documents, document, needed, random) : [split, to];
    const pair = {
      aStart: starts[from] as number,
      aEnd: starts[split] as number,
      bStart: starts[bFrom] as number,
      bEnd: starts[bTo] as number,
      isRandomNext,
    };
    truncate(pair, options.room, random);
    yield pair;
    // After a random B the sentences it displaced are used again.
    chunk = isRandomNext ? split : to;
  }
}

function length(starts: ArrayLike<number>, from: number, to: number): number {
  return (starts[to] as number) - (starts[from] as number);
}

/** Sentences of another document, from a random one on, until they have the tokens needed or the document ends. */
function elsewhere(documents: TokenisedDocuments, document: number, needed: number, random: Random): [number, number] {
  const { sentenceStarts, documentStarts, pages } = documents;
  const drawn = random.below(pages.length - 1);
  const other = drawn < document ? drawn : drawn + 1;
  const first = documentStarts[other] as number;
  const end = documentStarts[other + 1] as number;
  const from = first + random.below(end - first);
  let to = from + 1;
  while (to < end && length(sentenceStarts, from, to) < needed) to++;
  return [from, to];
}

/** google-research/bert's truncate_seq_pair: the longer part (B when equal) loses a token at either end until both fit. */
function truncate(pair: Pair, room: number, random: Random): void {
  for (;;) {
    const a = pair.aEnd - pair.aStart;
    const b = pair.bEnd - pair.bStart;
    if (a + b <= room) return;
    const atFront = random.share() < 0.5;
    if (a > b) {
      if (atFront) pair.aStart++;
      else pair.aEnd--;
    } else if (atFront) pair.bStart++;
    else pair.bEnd--;
  }
}
