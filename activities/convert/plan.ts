import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { BlobContainer } from '../../azure/blob.js';
import { converterVersion } from '../../corpus/recipe/assemble.js';
import type { ConvertOptions } from '../../corpus/recipe/convert-file.js';
import { inNaturalOrder } from '../../corpus/recipe/names.js';
import { formatVocabulary, parseVocabulary } from '../../corpus/vocabulary/vocabulary.js';
import type { RunConfig } from '../../domain/config.js';
import { contentHash } from '../../domain/names.js';
import { conversionFolder } from '../../domain/paths.js';
import { asFailure } from './failure.js';

/** A `.bin` file as it was when the conversion was planned. */
export interface PlannedFile {
  /** In its folder. */
  readonly name: string;
  /** In its container. */
  readonly path: string;
  readonly split: 'train' | 'heldout';
  readonly bytes: number;
  readonly etag: string;
}

/** `plan.json` of a conversion: all that its activities need to know, so that the workflow hands a number around. */
export interface ConversionPlan {
  readonly format: 'bertha-conversion/1';
  readonly options: ConvertOptions;
  readonly files: readonly PlannedFile[];
}

type Convert = NonNullable<RunConfig['data']['convert']>;

/** Each file is an activity, and the history of a run holds some ten thousand of them. */
const mostFiles = 5000;

/** @returns the folder that belongs to exactly these files, this vocabulary and these options, and the vocabulary's text */
export async function planOf(
  from: BlobContainer,
  convert: Convert,
  dataset: string,
  installation: string,
): Promise<{ folder: string; plan: ConversionPlan; vocabulary: string }> {
  const vocabulary = await vocabularyAt(resolve(installation, convert.vocabulary));
  const files = [
    ...(await filesBelow(from, convert, convert.train, 'train')),
    ...(await filesBelow(from, convert, convert.heldOut, 'heldout')),
  ];
  if (files.length > mostFiles) {
    throw ApplicationFailure.nonRetryable(
      `${files.length} files are more than the ${mostFiles} that a run converts; use fewer, larger ones`,
      'TooManyFiles',
    );
  }
  const plan: ConversionPlan = { format: 'bertha-conversion/1', options: optionsOf(convert), files };
  const identity = contentHash({ version: converterVersion, plan, vocabulary });
  return { folder: conversionFolder(dataset, identity), plan, vocabulary };
}

/** @throws ApplicationFailure where somebody has deleted it since */
export async function readPlan(to: BlobContainer, folder: string): Promise<ConversionPlan> {
  const plan = (await to.json(`${folder}/plan.json`)) as ConversionPlan | null;
  if (plan !== null) return plan;
  throw ApplicationFailure.nonRetryable(
    `${to.name}/${folder} has no plan.json any more; start the run again`,
    'NoPlan',
  );
}

function optionsOf({ sequenceLength, samplesPerShard, maskProbability, seed }: Convert): ConvertOptions {
  return { sequenceLength, samplesPerShard, maskProbability, seed };
}

async function filesBelow(
  from: BlobContainer,
  { source }: Convert,
  below: string,
  split: 'train' | 'heldout',
): Promise<PlannedFile[]> {
  const folder = [source.prefix, below].filter((part) => part !== undefined && part !== '').join('/');
  const found = await from.list(`${folder}/`);
  const files = found
    .map(({ path, bytes, etag }) => ({ name: path.slice(folder.length + 1), path, split, bytes, etag: bare(etag) }))
    .filter(({ name }) => name.endsWith('.bin') && !name.includes('/'))
    .sort((a, b) => inNaturalOrder(a.name, b.name));
  if (files.length > 0) return files;
  const field = split === 'train' ? 'train' : 'heldOut';
  throw ApplicationFailure.nonRetryable(
    `${from.account}/${from.name}/${folder} holds no .bin file; are data.convert.source and data.convert.${field} right?`,
    'NoShards',
  );
}

/** Without quotation marks, as the folders of conversions of before are named by it. */
export const bare = (etag: string) => etag.replaceAll('"', '');

/** The vocabulary as its lines are read, whatever their ends, so that the manifest can name its hash. */
async function vocabularyAt(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw ApplicationFailure.nonRetryable(
      `the vocabulary ${path} cannot be read on this worker; check data.convert.vocabulary`,
      'NoVocabulary',
    );
  });
  return asFailure(() => formatVocabulary(parseVocabulary(text, path)));
}
