import { emptyCounts, type Document, type DocumentCounts } from '../documents.js';
import type { DamageLog } from '../input/damage.js';
import { createFile } from '../files/writer.js';
import type { Content } from '../files/writer.js';
import { isHeldOut } from '../heldout.js';
import { randomOf } from '../random.js';
import { visitWords } from '../tokenizer/basic.js';
import { readPieceOf, type Piece } from './pieces.js';
import { number5, type Plan } from './plan.js';
import { writeCounts } from './words.js';
import type { Workshop } from './workshop.js';

/** What the text of a piece came to. */
export interface TextDone {
  readonly counts: DocumentCounts;
  /** What could not be read, where the options say to skip it. */
  readonly damage: Pick<DamageLog, 'pages' | 'stretches' | 'first'>;
  readonly sentences: number;
  /** UTF-16 units of the sentences kept. */
  readonly characters: number;
  /** A few pages as they read, those that chance prefers; for the quality report. */
  readonly examples: readonly Example[];
  readonly files: { readonly spool: Content; readonly attribution: Content; readonly words?: Content };
}

export interface Example {
  readonly page: number;
  readonly title: string;
  readonly text: string;
  /** The smallest of all are shown. */
  readonly draw: number;
}

export const textFile = (piece: number, kind: 'spool' | 'attribution' | 'words'): string =>
  `text/${number5(piece)}.${kind}`;

export const examplesShown = 5;
const exampleLength = 700;

/** Bytes of one piece to documents, one JSON line each, with a line of attribution for each page kept; words are counted where a vocabulary is trained. */
export async function writeText(piece: number, plan: Plan, shop: Workshop): Promise<TextDone> {
  const { options, pieces } = plan;
  const source = await shop.open();
  const spool = await createFile(shop.work, textFile(piece, 'spool'), shop.scratch);
  const attribution = await createFile(shop.work, textFile(piece, 'attribution'), shop.scratch);
  const counts = emptyCounts();
  const words = 'file' in options.vocabulary ? undefined : new Map<string, number>();
  let [sentences, characters] = [0, 0];
  let examples: Example[] = [];
  const { documents, damage } = await readPieceOf(source, pieces[piece] as Piece, options, counts);
  for await (const document of documents) {
    const { page, revision, title } = document;
    await spool.write(`${JSON.stringify(document)}\n`);
    await attribution.write(`${JSON.stringify({ page, revision, title })}\n`);
    sentences += document.sentences.length;
    for (const sentence of document.sentences) characters += sentence.length;
    if (words !== undefined) countWords(document, plan, words);
    examples = withExample(examples, document, options.seed);
    shop.tell({ pages: counts.in });
    await shop.breathe();
  }
  const files = { spool: await spool.finish(), attribution: await attribution.finish() };
  if (words === undefined) return { counts, damage: damageOf(damage), sentences, characters, examples, files };
  const counted = await writeCounts(words, shop, textFile(piece, 'words'));
  return { counts, damage: damageOf(damage), sentences, characters, examples, files: { ...files, words: counted } };
}

const damageOf = ({ pages, stretches, first }: DamageLog): TextDone['damage'] => ({
  pages,
  stretches,
  first: first.slice(0, 5),
});

/** Those that the report shows of these. */
export function preferred(examples: readonly Example[]): Example[] {
  return examples.toSorted((a, b) => a.draw - b.draw || a.page - b.page).slice(0, examplesShown);
}

function withExample(examples: Example[], { page, title, sentences }: Document, seed: number): Example[] {
  const draw = randomOf('example', seed, page).share();
  const comesTooLate = examples.length === examplesShown && draw > (examples.at(-1) as Example).draw;
  if (comesTooLate) return examples;
  const text = sentences.slice(0, 12).join(' ').slice(0, exampleLength);
  return preferred([...examples, { page, title, text, draw }]);
}

/** A piece that only held-out pages suggest would tell the model something about them. */
function countWords({ page, sentences }: Document, { options }: Plan, words: Map<string, number>): void {
  if (isHeldOut(page, options.heldOutShare, options.seed)) return;
  for (const sentence of sentences) {
    visitWords(sentence, options.lowercase, (word) => void words.set(word, (words.get(word) ?? 0) + 1));
  }
}
