import { CorpusError } from '../error.js';

/** The special tokens, in the order in which a trained vocabulary starts. */
export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

export interface SpecialIds {
  readonly pad: number;
  readonly unk: number;
  readonly cls: number;
  readonly sep: number;
  readonly mask: number;
}

export interface Vocabulary {
  /** Piece by id. */
  readonly pieces: readonly string[];
  readonly ids: ReadonlyMap<string, number>;
  readonly special: SpecialIds;
}

/**
 * A vocabulary of these pieces, id = position.
 * @param source what error messages call it
 * @throws CorpusError when a special token is missing or an id would not fit 16 bits.
 */
export function createVocabulary(pieces: readonly string[], source: string): Vocabulary {
  if (pieces.length > 65_536) {
    throw new CorpusError(`${source} has ${pieces.length} entries, but shards hold ids of 16 bits: at most 65536.`);
  }
  const ids = new Map<string, number>();
  // google-research/bert lets the last of two equal lines win.
  pieces.forEach((piece, id) => ids.set(piece, id));
  const [pad, unk, cls, sep, mask] = specialTokens.map((token) => idOf(token, ids, source)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { pieces, ids, special: { pad, unk, cls, sep, mask } };
}

let last: { readonly text: string; readonly vocabulary: Vocabulary } | undefined;

/**
 * Reads the lines of a vocab.txt. The same text as the last time gives the same object: all tasks of a preparation read the same one,
 * and what is made from it (see `keptFor`) is kept with it.
 */
export function parseVocabulary(text: string, source: string): Vocabulary {
  if (last?.text !== text) last = { text, vocabulary: vocabularyIn(text, source) };
  return last.vocabulary;
}

function vocabularyIn(text: string, source: string): Vocabulary {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return createVocabulary(
    lines.map((line) => line.trim()),
    source,
  );
}

/** The vocab.txt of a vocabulary: one piece a line. */
export function formatVocabulary(vocabulary: Vocabulary): string {
  return vocabulary.pieces.join('\n') + '\n';
}

function idOf(token: string, ids: ReadonlyMap<string, number>, source: string): number {
  const id = ids.get(token);
  if (id === undefined)
    throw new CorpusError(`${source} lacks the special token ${token}; BERT needs all of ${specialTokens.join(' ')}.`);
  return id;
}
