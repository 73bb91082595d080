import { randomOf } from '../random.js';
import type { Preparation } from '../options.js';
import type { Found, Piece } from './pieces.js';

/** How large the parts of a preparation are. None of it changes a byte of the dataset but `poolTokens`. */
export interface Sizes {
  /** Bytes of the input that one piece takes, as they lie there. */
  readonly pieceBytes: number;
  /** Most tokens of the pool that random next sentences are drawn from, for each split. */
  readonly poolTokens: number;
  /** Most distinct words that a vocabulary is trained from. */
  readonly vocabularyWords: number;
  /** Bytes of samples that share a bucket, about. */
  readonly bucketBytes: number;
  /** Bytes of samples that are sorted at once, about. */
  readonly groupBytes: number;
}

/** Each stage of a piece stays below some 300 MB with these. */
export const usualSizes: Sizes = {
  pieceBytes: 1 << 24,
  poolTokens: 1 << 25,
  vocabularyWords: 1_000_000,
  bucketBytes: 1 << 22,
  groupBytes: 1 << 26,
};

/** What a preparation works by, written down before its first piece (`plan.json`). */
export interface Plan {
  /** What people call the dataset; decides no byte of its shards. */
  readonly name: string;
  /** Hash of all that decides the bytes of the dataset: names its folders. */
  readonly inputs: string;
  readonly createdFrom: Readonly<Record<string, unknown>>;
  readonly options: Preparation;
  readonly sizes: Sizes;
  /** What the start of the input told, so that no piece looks there again; plans of older releases do not say. */
  readonly found?: Found;
  readonly pieces: readonly Piece[];
  /** The sha256 of each piece of an input that every worker reads from a disk of its own. */
  readonly pieceHashes?: readonly string[];
}

export const planFile = 'plan.json';
/** The vocabulary that the options name, kept so that only the worker that plans needs the file. */
export const givenVocabularyFile = 'vocab.given.txt';

export type SplitName = 'train' | 'heldout';
export const splits: readonly SplitName[] = ['train', 'heldout'];

export function setName(sequenceLength: number): string {
  return `seq-${String(sequenceLength).padStart(4, '0')}`;
}

/** Where a page stands in the draw for the pool, in [0, 1). */
export function poolShare(seed: number, page: number): number {
  return randomOf('pool', seed, page).share();
}

/** `00017` */
export function number5(index: number): string {
  return String(index).padStart(5, '0');
}
