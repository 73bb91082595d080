import type { Document } from './documents.js';
import { TokenBuffer } from './tokenizer/buffer.js';
import type { Tokenizer } from './tokenizer/tokenizer.js';

/**
 * Tokenised documents, flat: sentence s of the whole is `tokens[sentenceStarts[s] .. sentenceStarts[s + 1]]`, and the
 * sentences of document d are those from `documentStarts[d]` up to `documentStarts[d + 1]`.
 */
export interface TokenisedDocuments {
  readonly pages: ArrayLike<number>;
  readonly tokens: Uint16Array;
  readonly sentenceStarts: ArrayLike<number>;
  readonly documentStarts: ArrayLike<number>;
}

/** Collects documents, token by token. */
export interface TokenCollector {
  add(document: Document): void;
  finish(): TokenisedDocuments;
}

/** Makes a collector; a sentence or a document without any token is left out. */
export function collectTokens(tokenizer: Tokenizer): TokenCollector {
  const buffer = new TokenBuffer();
  const pages: number[] = [];
  const sentenceStarts: number[] = [];
  const documentStarts: number[] = [];
  return {
    add({ page, sentences }) {
      const first = sentenceStarts.length;
      for (const sentence of sentences) {
        const start = buffer.length;
        if (tokenizer.encodeInto(sentence, buffer) > 0) sentenceStarts.push(start);
      }
      if (sentenceStarts.length === first) return;
      pages.push(page);
      documentStarts.push(first);
    },
    finish() {
      return {
        pages,
        tokens: buffer.toArray(),
        sentenceStarts: Uint32Array.from([...sentenceStarts, buffer.length]),
        documentStarts: Uint32Array.from([...documentStarts, sentenceStarts.length]),
      };
    },
  };
}
