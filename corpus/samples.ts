import { pairsOf, type Pair, type PairOptions } from './pairs.js';
import { randomOf, type Random } from './random.js';
import type { TokenisedDocuments } from './tokens.js';

/** A pair with its place in the shuffled set. */
export interface Sample extends Pair {
  /** Samples are ordered by it. */
  readonly key: number;
  /** Page, pass and number of the sample within them: settles equal keys, and names the randomness of its masks. */
  readonly origin: string;
}

/**
 * All samples of a set, shuffled: each carries a random key of its own and they are sorted by it, so the order does not
 * depend on who made them when.
 * @param set name of set and split, part of every random choice
 */
export async function drawSamples(
  documents: TokenisedDocuments,
  set: string,
  passes: number,
  seed: number,
  options: PairOptions,
  breathe: () => Promise<void>,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let pass = 0; pass < passes; pass++) {
    for (let document = 0; document < documents.pages.length; document++) {
      const origin = `${documents.pages[document]}/${pass}`;
      const random = randomOf('pairs', seed, set, origin);
      let number = 0;
      for (const pair of pairsOf(documents, document, random, options)) {
        samples.push({ ...pair, key: keyFrom(random), origin: `${origin}/${number++}` });
      }
      await breathe();
    }
  }
  return samples.sort((a, b) => a.key - b.key || (a.origin < b.origin ? -1 : 1));
}

/** 53 random bits, as many as a number holds. */
function keyFrom(random: Random): number {
  return random.bits() * 2 ** 21 + (random.bits() >>> 11);
}
