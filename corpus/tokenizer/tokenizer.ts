import type { Vocabulary } from '../vocabulary/vocabulary.js';
import { wordSplitter } from './basic.js';
import { TokenBuffer } from './buffer.js';
import { wordPieceEncoder } from './wordpiece.js';

export interface TokenizerOptions {
  readonly lowercase: boolean;
  readonly maxWordLength: number;
}

export interface Tokenizer {
  /** Appends the ids of `text`, without special tokens, and returns how many. */
  encodeInto(text: string, buffer: TokenBuffer): number;
  encode(text: string): Uint16Array;
}

/** Accents taken off by NFD leave letters; no character has more than this many of them. */
const mostPerUnit = 4;

/** The tokenizer of google-research/bert for this vocabulary, id for id. Text such as "[MASK]" stays text. */
export function createTokenizer(vocabulary: Vocabulary, { lowercase, maxWordLength }: TokenizerOptions): Tokenizer {
  const encodeWord = wordPieceEncoder(vocabulary, lowercase, maxWordLength);
  const split = wordSplitter(lowercase);
  const encodeInto = (text: string, buffer: TokenBuffer): number => {
    const before = buffer.length;
    const ids = buffer.room(text.length * mostPerUnit);
    let at = before;
    split(text, (codes, start, end) => {
      at = encodeWord(codes, start, end, ids, at);
    });
    buffer.length = at;
    return at - before;
  };
  return {
    encodeInto,
    encode: (text) => {
      const buffer = new TokenBuffer();
      encodeInto(text, buffer);
      return buffer.toArray();
    },
  };
}
