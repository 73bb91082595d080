import { pairsOf, type Pair, type PairOptions, type Pool } from './pairs.js';
import { randomOf, type Random } from './random.js';
import type { TokenisedDocuments } from './tokens.js';

/** A pair with its place in the shuffled set. */
export interface Sample extends Pair {
  /** Samples are ordered by it, see `comesBefore`; 53 random bits. */
  readonly key: number;
  /** Page, pass and number of the sample within them: settle equal keys, and name the randomness of its masks. */
  readonly page: number;
  readonly pass: number;
  readonly number: number;
}

/** Keys are below this. */
export const keyLimit = 2 ** 53;

/**
 * The samples of one document in one pass, each with a random key of its own: sorted by it the order of a set does not depend on who
 * made them when.
 * @param set name of set and split, part of every random choice
 */
export function* samplesOf(
  documents: TokenisedDocuments,
  document: number,
  pool: Pool,
  set: string,
  pass: number,
  options: PairOptions & { readonly seed: number },
): Generator<Sample> {
  const page = documents.pages[document] as number;
  const random = randomOf('pairs', options.seed, set, `${page}/${pass}`);
  let number = 0;
  for (const pair of pairsOf(documents, document, pool, random, options)) {
    const { aStart, aEnd, bStart, bEnd, isRandomNext } = pair;
    yield { aStart, aEnd, bStart, bEnd, isRandomNext, key: keyFrom(random), page, pass, number: number++ };
  }
}

type Place = Pick<Sample, 'key' | 'page' | 'pass' | 'number'>;

/** The order of a shuffled set. */
export function comesBefore(a: Place, b: Place): number {
  return a.key - b.key || a.page - b.page || a.pass - b.pass || a.number - b.number;
}

/** Names a sample among all of its set. */
export function originOf({ page, pass, number }: Place): string {
  return `${page}/${pass}/${number}`;
}

/** 53 random bits, as many as a number holds. */
function keyFrom(random: Random): number {
  return random.bits() * 2 ** 21 + (random.bits() >>> 11);
}
