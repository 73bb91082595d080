import type { Document } from '../documents.js';
import { createFile, type Content } from '../files/writer.js';
import { isHeldOut } from '../heldout.js';
import { randomOf } from '../random.js';
import { visitWords } from '../tokenizer/basic.js';
import { number5, type Plan } from './plan.js';
import { writeCounts } from './words.js';
import type { Workshop } from './workshop.js';

/** Stages that write text: what the input gives, and what a filter leaves of that. */
export type TextStage = 'text' | 'distinct';

/** What the documents of a piece came to. */
export interface TextWritten {
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

/** Takes documents one by one. */
export interface TextWriter {
  add(document: Document): Promise<void>;
  finish(): Promise<TextWritten>;
}

/** The stage whose text the dataset is made from. */
export const lastTextStage = ({ options }: Pick<Plan, 'options'>): TextStage =>
  options.nearDuplicates === undefined ? 'text' : 'distinct';

export const textFile = (
  stage: TextStage,
  piece: number,
  kind: 'spool' | 'attribution' | 'words' | 'signatures',
): string => `${stage}/${number5(piece)}.${kind}`;

export const examplesShown = 5;
const exampleLength = 700;

/**
 * Writes documents as JSON lines, with a line of attribution for each; words are counted where a vocabulary is trained and these are the
 * documents that stay.
 */
export async function openTextFiles(
  stage: TextStage,
  piece: number,
  plan: Plan,
  { work, scratch }: Pick<Workshop, 'work' | 'scratch'>,
): Promise<TextWriter> {
  const { options } = plan;
  const spool = await createFile(work, textFile(stage, piece, 'spool'), scratch);
  const attribution = await createFile(work, textFile(stage, piece, 'attribution'), scratch);
  const isCounted = !('file' in options.vocabulary) && stage === lastTextStage(plan);
  const words = isCounted ? new Map<string, number>() : undefined;
  let [sentences, characters] = [0, 0];
  let examples: Example[] = [];
  return {
    async add(document) {
      const { page, revision, title } = document;
      await spool.write(`${JSON.stringify(document)}\n`);
      await attribution.write(`${JSON.stringify({ page, revision, title })}\n`);
      sentences += document.sentences.length;
      for (const sentence of document.sentences) characters += sentence.length;
      if (words !== undefined) countWords(document, plan, words);
      examples = withExample(examples, document, options.seed);
    },
    async finish() {
      const files = { spool: await spool.finish(), attribution: await attribution.finish() };
      if (words === undefined) return { sentences, characters, examples, files };
      const counted = await writeCounts(words, { work, scratch }, textFile(stage, piece, 'words'));
      return { sentences, characters, examples, files: { ...files, words: counted } };
    },
  };
}

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
