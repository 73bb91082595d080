import type { Random } from './random.js';
import type { TokenisedDocuments } from './tokens.js';

/** Two stretches of tokens, half-open ranges of a flat token array, each within one document: A of its own, B of its own or of the pool. */
export interface Pair {
  aStart: number;
  aEnd: number;
  bStart: number;
  bEnd: number;
  /** Whether B was taken from the pool, from another document; never set for text of the same one. */
  readonly isRandomNext: boolean;
}

/** Documents that random next sentences are drawn from. */
export interface Pool {
  readonly documents: TokenisedDocuments;
  /** Place of a page in it. */
  readonly places: ReadonlyMap<number, number>;
}

export function poolOf(documents: TokenisedDocuments): Pool {
  return { documents, places: new Map(Array.from(documents.pages, (page, place) => [page, place])) };
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
  pool: Pool,
  random: Random,
  options: PairOptions,
): Generator<Pair> {
  const { sentenceStarts: starts, documentStarts } = documents;
  const first = documentStarts[document] as number;
  const end = documentStarts[document + 1] as number;
  if (end - first < 2) return;
  const isShort = random.share() < options.shortSequenceProbability;
  const target = isShort ? 2 + random.below(options.room - 1) : options.room;
  const own = pool.places.get(documents.pages[document] as number);
  const others = pool.documents.pages.length - (own === undefined ? 0 : 1);
  let chunk = first;
  while (chunk < end) {
    const isRandomNext = random.share() < 0.5 && others > 0;
    const isLastAlone = end - chunk === 1;
    const from = isLastAlone && !isRandomNext ? chunk - 1 : chunk;
    let to = Math.min(from + 2, end);
    while (to < end && length(starts, from, to) < target) to++;
    const split = from + 1 + random.below(Math.max(1, to - from - 1));
    const needed = target - length(starts, from, split);
    const [bStart, bEnd] = isRandomNext
      ? elsewhere(pool.documents, placeOf(random.below(others), own), needed, random)
      : [starts[split] as number, starts[to] as number];
    const pair = { aStart: starts[from] as number, aEnd: starts[split] as number, bStart, bEnd, isRandomNext };
    truncate(pair, options.room, random);
    yield pair;
    // After a random B the sentences it displaced are used again.
    chunk = isRandomNext ? split : to;
  }
}

function length(starts: ArrayLike<number>, from: number, to: number): number {
  return (starts[to] as number) - (starts[from] as number);
}

/** The place that was drawn among those that are not `own`. */
function placeOf(drawn: number, own: number | undefined): number {
  return own === undefined || drawn < own ? drawn : drawn + 1;
}

/** Sentences of another document, from a random one on, until they have the tokens needed or the document ends. */
function elsewhere(pool: TokenisedDocuments, other: number, needed: number, random: Random): [number, number] {
  const { sentenceStarts, documentStarts } = pool;
  const first = documentStarts[other] as number;
  const end = documentStarts[other + 1] as number;
  const from = first + random.below(end - first);
  let to = from + 1;
  while (to < end && length(sentenceStarts, from, to) < needed) to++;
  return [sentenceStarts[from] as number, sentenceStarts[to] as number];
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
