import { writeJson, type Files } from '../files/files.js';
import { describeInputs, sha256, type SourceIdentity } from '../identity.js';
import { canonicalJson } from '../manifest.js';
import type { Preparation } from '../options.js';
import { readVocabularyFile } from '../vocabulary/file.js';
import { parseVocabulary } from '../vocabulary/vocabulary.js';
import { hashPieces } from './piece-hashes.js';
import { cut, type ByteSource } from './pieces.js';
import { givenVocabularyFile, planFile, usualSizes, type Plan, type Sizes } from './plan.js';

/** What is to be prepared, known by its content: equal inputs give equal bytes. */
export interface Inputs {
  /** Names the folders of the dataset and of its intermediate files. */
  readonly id: string;
  readonly createdFrom: ReturnType<typeof describeInputs>;
  readonly options: Preparation;
  readonly sizes: Sizes;
  /** Text of the vocabulary that the options name. */
  readonly givenVocabulary: string | undefined;
}

/** What the input is told by: the dump's, and its index's where it has one. */
export interface Identities {
  readonly dump: SourceIdentity;
  readonly index?: SourceIdentity | undefined;
}

/** Where its bytes come from. */
export interface InputBytes {
  readonly source: ByteSource;
  /** The index of a multistream dump. */
  readonly index?: ByteSource | undefined;
  /** Whether every worker reads a file of its own, so that each has to find out that it is the same. */
  readonly isOnEachWorker?: boolean;
}

/** Looks at what a preparation is made from. @throws CorpusError when the vocabulary cannot be read or is none */
export async function inputsOf(
  identities: Identities,
  options: Preparation,
  sizes: Sizes = usualSizes,
): Promise<Inputs> {
  const { vocabulary } = options;
  const givenVocabulary = 'file' in vocabulary ? await readGiven(vocabulary.file) : undefined;
  const createdFrom = describeInputs(identities, options, givenVocabulary, sizes);
  const id = sha256(canonicalJson(createdFrom)).slice(0, 16);
  return { id, createdFrom, options, sizes, givenVocabulary };
}

/** Cuts the input into pieces. @throws CorpusError where its index does not fit */
export async function outlinePlan(name: string, inputs: Inputs, { source, index }: InputBytes): Promise<Plan> {
  const { id, createdFrom, options, sizes } = inputs;
  const { found, pieces } = await cut(source, options, sizes.pieceBytes, index);
  return { name, inputs: id, createdFrom, options, sizes, found, pieces };
}

/** The same, and writes down what all tasks work by. */
export async function makePlan(name: string, inputs: Inputs, input: InputBytes, work: Files): Promise<Plan> {
  const { givenVocabulary } = inputs;
  const outline = await outlinePlan(name, inputs, input);
  const isHashed = input.isOnEachWorker === true;
  const plan = isHashed ? { ...outline, pieceHashes: await hashPieces(input.source, outline.pieces) } : outline;
  if (givenVocabulary !== undefined) await work.write(givenVocabularyFile, Buffer.from(givenVocabulary));
  await writeJson(work, planFile, plan);
  return plan;
}

async function readGiven(file: string): Promise<string> {
  const text = await readVocabularyFile(file);
  parseVocabulary(text, file);
  return text;
}
