import { randomOf } from '../../../corpus/random.js';
import { createVocabulary, specialTokens, type Vocabulary } from '../../../corpus/vocabulary/vocabulary.js';
import type { OldFile } from '../../corpus/recipe/written.js';

const documents = 1500;
const perDocument = 1600;
const room = 509;
/** How often the old recipe paired each document. */
const dupes = 9;

/** A vocabulary of BERT's size, of made-up pieces as long as English ones. */
export function madeUpVocabulary(): Vocabulary {
  const random = randomOf('vocabulary');
  const pieces = new Set<string>();
  while (pieces.size < 30_522 - specialTokens.length) {
    const letters = Array.from({ length: 1 + random.below(9) }, () => String.fromCharCode(97 + random.below(26))).join(
      '',
    );
    pieces.add(random.share() < 0.2 ? `##${letters}` : letters);
  }
  return createVocabulary([...specialTokens, ...pieces], 'the made-up vocabulary');
}

/** A file as the old recipe made them, a quarter as large: documents of words as frequent as words are, each paired nine times. */
export function largeFile(path: string, { pieces }: Vocabulary): OldFile {
  const random = randomOf('documents');
  const word = () => pieces[5 + Math.floor((pieces.length - 5) * random.share() ** 6)] as string;
  const texts = Array.from({ length: documents }, () => Array.from({ length: perDocument }, word));
  const instances = Array.from({ length: (documents * perDocument * dupes) / room }, () => {
    const a = 1 + random.below(room - 2);
    const from = random.below(perDocument - room);
    const isNext = random.below(2);
    const document = random.below(documents);
    const b =
      isNext === 0 ? ([document, from + a, from + room] as const) : ([random.below(documents), 0, room - a] as const);
    return { a: [document, from, from + a] as const, b, is_next: isNext };
  });
  return {
    path,
    protocol: 3,
    creator: 'GenericPretrainingDataCreator',
    module: 'sources',
    documents: texts,
    instances,
  };
}
