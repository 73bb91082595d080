import { likeness, signatureLength } from './signature.js';

/** A document as the search for duplicates knows it. */
export interface Signed {
  readonly page: number;
  readonly signature: Uint16Array;
}

/** Two documents are compared when four values in a row are equal: 98 of 100 pairs that are alike by 0.8 meet so. */
const bandRows = 4;

/**
 * Finds near duplicates. In each set of documents with a band in common the others are compared with the one of the lowest page
 * id, so that a thousand stubs made from one form are no million comparisons; who is alike is one cluster, and so are clusters
 * that share a document.
 * @param leastLikeness share of common runs of words, 0 to 1, from which two documents are duplicates
 * @returns for every page that goes the page that stays, the lowest of its cluster; it does not depend on the order of `documents`
 */
export function findDuplicates(documents: readonly Signed[], leastLikeness: number): Map<number, number> {
  const ordered = documents.toSorted((one, other) => one.page - other.page);
  const parents = Uint32Array.from(ordered, (_, index) => index);
  for (let band = 0; band < signatureLength; band += bandRows) {
    const lowest = new Map<number, number>();
    ordered.forEach(({ signature }, index) => {
      const key = keyOf(signature, band);
      const first = lowest.get(key);
      if (first === undefined) lowest.set(key, index);
      else if (likeness((ordered[first] as Signed).signature, signature) >= leastLikeness) join(parents, first, index);
    });
  }
  const stays = new Map<number, number>();
  ordered.forEach(({ page }, index) => {
    const root = rootOf(parents, index);
    if (root !== index) stays.set(page, (ordered[root] as Signed).page);
  });
  return stays;
}

/** Four values in as many bits as a number holds exactly. */
function keyOf(signature: Uint16Array, band: number): number {
  const at = (row: number): number => signature[band + row] as number;
  return ((at(0) * 65_536 + at(1)) % 2 ** 26) * 2 ** 26 + ((at(2) * 65_536 + at(3)) % 2 ** 26);
}

/** The lowest index of a cluster is its root. */
function join(parents: Uint32Array, one: number, other: number): void {
  const [a, b] = [rootOf(parents, one), rootOf(parents, other)];
  parents[Math.max(a, b)] = Math.min(a, b);
}

function rootOf(parents: Uint32Array, index: number): number {
  let root = index;
  while (parents[root] !== root) {
    parents[root] = parents[parents[root] as number] as number;
    root = parents[root] as number;
  }
  return root;
}
