import { CorpusError } from '../error.js';
import { likenessAt, signatureLength } from './signature.js';

/** Documents as the search for duplicates knows them, in the order of the input: the signature of document n is the n-th run of values. */
export interface Signatures {
  readonly pages: Float64Array;
  readonly values: Uint16Array;
}

/** Two documents are compared when four values in a row are equal: 98 of 100 pairs that are alike by 0.8 meet so. */
const bandRows = 4;

/** A search takes up to 100 bytes a document (72 of them signature and id), so that with these it needs 900 MB; measured, with Node.js: 790 MB for seven million. */
export const mostDocuments = 9_000_000;

/** @throws CorpusError where there are more documents than one worker compares in bounded memory */
export function refuseTooMany(documents: number): void {
  if (documents <= mostDocuments) return;
  throw new CorpusError(
    `Near duplicates are looked for among ${mostDocuments.toLocaleString('en')} pages at most, which take 900 MB, and here are ${documents.toLocaleString('en')}: prepare without nearDuplicates, or the input in parts.`,
  );
}

/**
 * Finds near duplicates. In each set of documents with a band in common the others are compared with the one of the lowest page
 * id, so that a thousand stubs made from one form are no million comparisons; who is alike is one cluster, and so are clusters
 * that share a document. Of equal ids the first in the input counts as lower.
 * @param leastLikeness share of common runs of words, 0 to 1, from which two documents are duplicates
 * @returns for every document the one that stays in its place: itself, or the lowest of its cluster
 */
export function findDuplicates({ pages, values }: Signatures, leastLikeness: number): Uint32Array {
  const order = byPage(pages);
  const parents = upTo(order.length);
  const table = new BandTable(values, order);
  for (let band = 0; band < signatureLength; band += bandRows) {
    table.clear();
    for (let rank = 0; rank < order.length; rank++) {
      const lowest = table.lowestWith(rank, band);
      if (lowest === rank) continue;
      const [one, other] = [order[lowest] as number, order[rank] as number];
      if (likenessAt(values, one, other) >= leastLikeness) join(parents, lowest, rank);
    }
  }
  const stays = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank++) {
    stays[order[rank] as number] = order[rootOf(parents, rank)] as number;
  }
  return stays;
}

/** Documents from the lowest page id to the highest; a dump has them so already, as a rule. */
function byPage(pages: Float64Array): Uint32Array {
  const order = upTo(pages.length);
  const isSorted = pages.every((page, document) => document === 0 || (pages[document - 1] as number) <= page);
  if (isSorted) return order;
  return order.sort((one, other) => (pages[one] as number) - (pages[other] as number) || one - other);
}

/** 0, 1, 2, ...; `Uint32Array.from` would hold all of them as a list first. */
function upTo(length: number): Uint32Array {
  const numbers = new Uint32Array(length);
  for (let index = 0; index < length; index++) numbers[index] = index;
  return numbers;
}

/** Finds by the values of a band the document that had them first; holds ranks alone, in a table that is half empty. */
class BandTable {
  readonly #slots: Uint32Array;

  constructor(
    private readonly values: Uint16Array,
    private readonly order: Uint32Array,
  ) {
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * order.length + 2)));
  }

  clear(): void {
    this.#slots.fill(0);
  }

  /** The lowest rank with the same values in the band; entered, if it is this one. */
  lowestWith(rank: number, band: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hashOf(rank, band) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot] as number;
      if (found === 0) {
        this.#slots[slot] = rank + 1;
        return rank;
      }
      if (this.#areEqual(found - 1, rank, band)) return found - 1;
    }
  }

  #hashOf(rank: number, band: number): number {
    const start = (this.order[rank] as number) * signatureLength + band;
    let hash = 0;
    for (let row = 0; row < bandRows; row++) {
      hash = Math.imul(hash ^ (this.values[start + row] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }

  #areEqual(one: number, other: number, band: number): boolean {
    const [a, b] = [this.order[one] as number, this.order[other] as number];
    for (let row = band; row < band + bandRows; row++) {
      if (this.values[a * signatureLength + row] !== this.values[b * signatureLength + row]) return false;
    }
    return true;
  }
}

/** The lowest rank of a cluster is its root. */
function join(parents: Uint32Array, one: number, other: number): void {
  const [a, b] = [rootOf(parents, one), rootOf(parents, other)];
  parents[Math.max(a, b)] = Math.min(a, b);
}

function rootOf(parents: Uint32Array, rank: number): number {
  let root = rank;
  while (parents[root] !== root) {
    parents[root] = parents[parents[root] as number] as number;
    root = parents[root] as number;
  }
  return root;
}
