import type { Vocabulary } from '../vocabulary/vocabulary.js';

/** Numbers of a slot: the node it leads from, the symbol it is for, the node it leads to (0: empty slot), the id that ends there or -1. */
const fields = 4;

/** The pieces of a vocabulary as a tree of their symbols, in one hash table, so that the longest match is one walk. */
export interface PieceTrie {
  readonly slots: Int32Array;
  /** Number of slots less one. */
  readonly mask: number;
  /** Symbol of each UTF-16 unit as the tokenizer meets it; 0 where no piece holds it. */
  readonly symbols: Uint16Array;
}

/** Nodes from which pieces that start a word, and those that continue one, begin. */
export const roots = { start: 1, continuation: 2 } as const;

/** @param lowercase give ASCII capitals the symbols of their small letters */
export function pieceTrie({ ids }: Vocabulary, lowercase: boolean): PieceTrie {
  const alphabet = alphabetOf(ids.keys());
  let most = 1024;
  for (const piece of ids.keys()) most += piece.length;
  const mask = 2 ** Math.ceil(Math.log2(most)) - 1;
  const slots = new Int32Array((mask + 1) * fields);
  let nodes: number = roots.continuation;
  for (const [piece, id] of ids) {
    const continues = piece.startsWith('##');
    let node: number = continues ? roots.continuation : roots.start;
    for (let index = continues ? 2 : 0; index < piece.length; index++) {
      const symbol = alphabet[piece.charCodeAt(index)] as number;
      const slot = slotOf(slots, mask, node, symbol);
      if (slots[slot + 2] === 0) {
        slots[slot] = node;
        slots[slot + 1] = symbol;
        slots[slot + 2] = ++nodes;
        slots[slot + 3] = -1;
      }
      node = slots[slot + 2] as number;
      if (index === piece.length - 1) slots[slot + 3] = id;
    }
  }
  return { slots, mask, symbols: lowercase ? folded(alphabet) : alphabet };
}

/** Where the way from `node` by `symbol` stands in the table, or would stand. */
export function slotOf(slots: Int32Array, mask: number, node: number, symbol: number): number {
  let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b)) >>> 0;
  slot = (slot ^ (slot >>> 15)) & mask;
  for (;;) {
    const at = slot * fields;
    if (slots[at + 2] === 0 || (slots[at] === node && slots[at + 1] === symbol)) return at;
    slot = (slot + 1) & mask;
  }
}

function alphabetOf(pieces: Iterable<string>): Uint16Array {
  const alphabet = new Uint16Array(65_536);
  let symbols = 0;
  for (const piece of pieces) {
    for (let index = 0; index < piece.length; index++) alphabet[piece.charCodeAt(index)] ||= ++symbols;
  }
  return alphabet;
}

function folded(alphabet: Uint16Array): Uint16Array {
  const symbols = alphabet.slice();
  for (let code = 65; code <= 90; code++) symbols[code] = alphabet[code + 32] as number;
  return symbols;
}
