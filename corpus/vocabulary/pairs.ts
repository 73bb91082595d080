/** A word as the piece ids it is made of so far, and how often it occurs. */
export interface TrainingWord {
  ids: number[];
  readonly count: number;
}

/** How often two pieces are neighbours, and in which words (a word may be listed that no longer holds the pair). */
export interface PairTable {
  readonly counts: Map<number, number>;
  readonly words: Map<number, number[]>;
}

const base = 65_536;

/** The two ids of a pair key. */
export function pairOf(key: number): [left: number, right: number] {
  return [Math.floor(key / base), key % base];
}

/** Counts all neighbouring pieces. */
export function countPairs(words: readonly TrainingWord[]): PairTable {
  const table: PairTable = { counts: new Map(), words: new Map() };
  words.forEach((word, index) => {
    for (let at = 1; at < word.ids.length; at++) add(table, keyAt(word.ids, at), word.count, index);
  });
  return table;
}

/** Joins a pair into `merged` in every word that holds it; returns the pairs whose count grew. */
export function mergePair(words: readonly TrainingWord[], table: PairTable, pair: number, merged: number): Set<number> {
  const [left, right] = pairOf(pair);
  const grown = new Set<number>();
  const holders = new Set(table.words.get(pair));
  table.words.delete(pair);
  for (const index of holders) {
    const word = words[index] as TrainingWord;
    const joined = join(word.ids, left, right, merged);
    if (joined.length === word.ids.length) continue;
    for (let at = 1; at < word.ids.length; at++) subtract(table, keyAt(word.ids, at), word.count);
    for (let at = 1; at < joined.length; at++) {
      const key = keyAt(joined, at);
      const isNew = joined[at] === merged || joined[at - 1] === merged;
      if (isNew) grown.add(key);
      add(table, key, word.count, isNew ? index : undefined);
    }
    word.ids = joined;
  }
  table.counts.delete(pair);
  return grown;
}

function join(ids: readonly number[], left: number, right: number, merged: number): number[] {
  const joined: number[] = [];
  for (let at = 0; at < ids.length; at++) {
    const matches = ids[at] === left && ids[at + 1] === right;
    joined.push(matches ? merged : (ids[at] as number));
    if (matches) at++;
  }
  return joined;
}

function keyAt(ids: readonly number[], at: number): number {
  return (ids[at - 1] as number) * base + (ids[at] as number);
}

function add(table: PairTable, key: number, count: number, word: number | undefined): void {
  table.counts.set(key, (table.counts.get(key) ?? 0) + count);
  if (word === undefined) return;
  const words = table.words.get(key);
  if (words === undefined) table.words.set(key, [word]);
  else if (words.at(-1) !== word) words.push(word);
}

function subtract(table: PairTable, key: number, count: number): void {
  const left = (table.counts.get(key) ?? 0) - count;
  if (left > 0) table.counts.set(key, left);
  else table.counts.delete(key);
}
