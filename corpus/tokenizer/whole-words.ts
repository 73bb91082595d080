import type { Vocabulary } from '../vocabulary/vocabulary.js';

/** Numbers of a slot: the hash of a piece, its id, where its units begin, and how many it has (0: empty slot). */
const fields = 4;

/** The pieces that can be a whole word, which most words of a text are: found by one look, not by a walk through the tree. */
export interface WholeWords {
  readonly slots: Int32Array;
  /** Number of slots less one. */
  readonly mask: number;
  /** UTF-16 units of all pieces. */
  readonly units: Uint16Array;
  /** Each UTF-16 unit as the tokenizer meets it: capitals of ASCII small where the text is lower-cased. */
  readonly folded: Uint16Array;
}

/** @param lowercase take ASCII capitals of a text for their small letters */
export function wholeWords({ ids }: Vocabulary, lowercase: boolean): WholeWords {
  const words = [...ids].filter(([piece]) => piece !== '' && !piece.startsWith('##'));
  const mask = 2 ** Math.ceil(Math.log2(2 * words.length + 2)) - 1;
  const slots = new Int32Array((mask + 1) * fields);
  const units = new Uint16Array(words.reduce((sum, [piece]) => sum + piece.length, 0));
  const plain = Uint16Array.from({ length: 65_536 }, (_, code) => code);
  let start = 0;
  for (const [piece, id] of words) {
    for (let index = 0; index < piece.length; index++) units[start + index] = piece.charCodeAt(index);
    const hash = hashOf(units, start, start + piece.length, plain);
    let slot = hash & mask;
    while (slots[slot * fields + 3] !== 0) slot = (slot + 1) & mask;
    const at = slot * fields;
    slots[at] = hash;
    slots[at + 1] = id;
    slots[at + 2] = start;
    slots[at + 3] = piece.length;
    start += piece.length;
  }
  const folded = lowercase ? plain.map((code) => (code >= 65 && code <= 90 ? code + 32 : code)) : plain;
  return { slots, mask, units, folded };
}

/** The id of the piece that the word `codes[start .. end]` is as a whole; -1 where it is none. */
export function idOfWhole(
  { slots, mask, units, folded }: WholeWords,
  codes: Uint16Array,
  start: number,
  end: number,
): number {
  const hash = hashOf(codes, start, end, folded);
  const length = end - start;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = slot * fields;
    const found = slots[at + 3] as number;
    if (found === 0) return -1;
    if (found !== length || slots[at] !== hash) continue;
    const first = slots[at + 2] as number;
    let index = 0;
    while (index < length && units[first + index] === folded[codes[start + index] as number]) index++;
    if (index === length) return slots[at + 1] as number;
  }
}

function hashOf(codes: Uint16Array, start: number, end: number, folded: Uint16Array): number {
  let hash = 0x811c9dc5 | 0;
  for (let index = start; index < end; index++) {
    hash = Math.imul(hash ^ (folded[codes[index] as number] as number), 0x01000193);
  }
  // The low bits of such a hash know little of the first letters.
  return hash ^ (hash >>> 15);
}
