import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CorpusError } from './error.js';
import { identityOf, sha256 } from './identity.js';
import { canonicalJson, contentIdOf, readManifest, type DatasetManifest } from './manifest.js';
import { PrepareOptionsSchema, type Preparation, type PrepareOptions } from './options.js';
import { progressMeter, type OnProgress, type ProgressMeter } from './progress.js';
import { writeSets } from './sets.js';
import { writeText } from './text.js';
import { verifyDataset } from './verify.js';
import { obtainVocabulary } from './vocabulary/obtain.js';
import { formatVocabulary } from './vocabulary/vocabulary.js';
import { inWorkplace } from './workplace.js';

export { CorpusError } from './error.js';
export { readManifest, type DatasetManifest } from './manifest.js';
export { PrepareOptionsSchema, type PrepareOptions } from './options.js';
export type { OnProgress, PrepareProgress, PrepareStage } from './progress.js';
export { verifyDataset, type BadFile, type Verification } from './verify.js';

/** What to prepare, from where, to where. */
export interface PrepareRequest {
  /** Path of a dump: .xml or .xml.bz2, told apart by content. */
  readonly dump: string;
  /** The dataset's folder, made if need be; a finished dataset of the same content there is verified and returned. */
  readonly outDir: string;
  /** What people call the dataset; not part of its content id. */
  readonly name: string;
  readonly options: PrepareOptions;
}

/**
 * Prepares a dataset: dump to text to tokens to shards, in the layout of docs/payload-contract.md, with `attribution.jsonl`
 * beside it. Files are made in a temporary folder and moved in place when all are done, `manifest.json` last. The same dump
 * and options give the same bytes. Keeps the processor busy: see `prepareDatasetInThread`.
 * @throws CorpusError when options or dump are wrong or `outDir` holds another dataset; the signal's reason when aborted.
 */
export async function prepareDataset(
  request: PrepareRequest,
  onProgress: OnProgress = () => undefined,
  signal?: AbortSignal,
): Promise<DatasetManifest> {
  const { dump, outDir, name } = request;
  const options = parseOptions(request.options);
  const createdFrom = await identityOf(dump, options);
  const finished = await findFinished(outDir, createdFrom);
  if (finished !== undefined) return finished;
  const meter = progressMeter((createdFrom['dump'] as { bytes: number }).bytes, onProgress, signal);
  return inWorkplace(outDir, async (work) => {
    const parts = await makeParts(work, dump, createdFrom, options, meter);
    const manifest = { ...parts, name, contentId: contentIdOf(parts) };
    meter.update({ stage: 'finish' });
    await moveInPlace(work, outDir, manifest);
    return manifest;
  });
}

function parseOptions(options: PrepareOptions): Preparation {
  const parsed = PrepareOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new CorpusError(`The options of the data preparation are not valid: ${z.prettifyError(parsed.error)}`);
}

/** The dataset that is already in `outDir`, if it was made from the same and every file of it is intact. */
async function findFinished(
  outDir: string,
  createdFrom: DatasetManifest['createdFrom'],
): Promise<DatasetManifest | undefined> {
  const manifest = await readManifest(outDir).catch(() => undefined);
  if (manifest === undefined) return undefined;
  const isAnother = canonicalJson(manifest.createdFrom) !== canonicalJson(createdFrom);
  if (isAnother) {
    throw new CorpusError(
      `${outDir} holds another dataset (${manifest.name}, content ${manifest.contentId}), made from another dump or with other options; choose another folder.`,
    );
  }
  const { bad } = await verifyDataset(outDir);
  return bad.length === 0 ? manifest : undefined;
}

type ManifestParts = Omit<DatasetManifest, 'name' | 'contentId'>;

async function makeParts(
  work: string,
  dump: string,
  createdFrom: DatasetManifest['createdFrom'],
  options: Preparation,
  meter: ProgressMeter,
): Promise<ManifestParts> {
  const spool = join(work, 'documents.jsonl');
  meter.update({ stage: 'read' });
  const pages = await writeText(dump, { spool, attribution: join(work, attributionFile) }, options, meter);
  meter.update({ stage: 'vocabulary' });
  const vocabulary = await obtainVocabulary(spool, options, meter);
  const vocabularyText = formatVocabulary(vocabulary);
  await writeFile(join(work, vocabularyFile), vocabularyText);
  return {
    format: 'bertha-dataset/1',
    createdFrom,
    vocabulary: {
      file: vocabularyFile,
      size: vocabulary.pieces.length,
      sha256: sha256(vocabularyText),
      special: vocabulary.special,
    },
    sets: await writeSets(work, spool, vocabulary, options, meter),
    pages: { in: pages.in, out: pages.out, skipped: pages.skipped },
    unicodeVersion: process.versions['unicode'] ?? 'unknown',
  };
}

const vocabularyFile = 'vocab.txt';
const attributionFile = 'attribution.jsonl';

async function moveInPlace(work: string, outDir: string, manifest: DatasetManifest): Promise<void> {
  const shards = manifest.sets.flatMap(({ train, heldout }) => [...train.shards, ...heldout.shards]);
  const manifestFile = 'manifest.json';
  await writeFile(join(work, manifestFile), JSON.stringify(manifest, undefined, 2) + '\n');
  for (const file of [vocabularyFile, attributionFile, ...shards.map((shard) => shard.file), manifestFile]) {
    const target = join(outDir, file);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(work, file), target);
  }
}
