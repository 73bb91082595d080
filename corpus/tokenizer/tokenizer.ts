import type { Vocabulary } from '../vocabulary/vocabulary.js';
import { visitWords } from './basic.js';
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

/** The tokenizer of google-research/bert for this vocabulary, id for id. Text such as "[MASK]" stays text. */
export function createTokenizer(vocabulary: Vocabulary, { lowercase, maxWordLength }: TokenizerOptions): Tokenizer {
  const encodeWord = wordPieceEncoder(vocabulary, maxWordLength);
  const encodeInto = (text: string, buffer: TokenBuffer): number => {
    const before = buffer.length;
    visitWords(text, lowercase, (word) => buffer.append(encodeWord(word)));
    return buffer.length - before;
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
