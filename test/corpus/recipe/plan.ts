import { randomOf } from '../../../corpus/random.js';
import { vocabularyOf } from '../fixture.js';
import type { OldFile } from './written.js';

const words = Array.from({ length: 400 }, (_, n) => (n % 3 === 0 ? `##${n.toString(36)}` : `w${n.toString(36)}`));
// Pieces of one to four bytes a character, one with a backslash, and names of attributes.
const odd = ['é', '東', '𐍈', '##ß', '\\', '\\u0041', 'len', 'instances', 'documents', 'sources', 'a'.repeat(200)];

/** What the files of the tests are made of. */
export const vocabulary = vocabularyOf([...words, ...odd]);
const pieces = vocabulary.pieces;

/** A plan of `count` samples from a few documents, the same for the same seed. */
export function planOf(path: string, seed: number, count: number, over: Partial<OldFile> = {}): OldFile {
  const random = randomOf('old recipe', seed);
  const documents = Array.from({ length: 5 }, () =>
    Array.from({ length: 300 }, () => pieces[5 + random.below(pieces.length - 5)] as string),
  );
  const slice = () => {
    const from = random.below(290);
    return [random.below(5), from, from + 1 + random.below(8)] as const;
  };
  const instances = Array.from({ length: count }, () => ({ a: slice(), b: slice(), is_next: random.below(2) }));
  return {
    path,
    protocol: 3,
    creator: 'GenericPretrainingDataCreator',
    module: 'sources',
    documents,
    instances,
    ...over,
  };
}
