import { join } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { BlobContainer } from '../azure/blob.js';
import { assembleConverted } from '../corpus/recipe/assemble.js';
import type { ConvertedFile } from '../corpus/recipe/convert-file.js';
import { parseVocabulary } from '../corpus/vocabulary/vocabulary.js';
import { inWorkplace } from '../corpus/workplace.js';
import type { RunConfig } from '../domain/config.js';
import { asFailure } from './convert/failure.js';
import { convertOne } from './convert/one.js';
import { planOf, readPlan, type PlannedFile } from './convert/plan.js';
import { sourceContainer } from './copy/source.js';
import type { PreparedData } from './preparation/prepare.js';
import { type Deps, type Place, report } from './deps.js';

type Request = { readonly place: Place; readonly data: RunConfig['data'] };

/** A conversion that has been planned: where its files come to lie, in the container of prepared shards. */
type Planned = Request & { readonly folder: string };

/** The old recipe's own shards → ours, each file an activity of its own; on the `bertha-data` task queue. */
export const convertActivities = (deps: Deps) => ({
  /** What is to be converted, as it is now. Equal files, vocabulary and options give the same folder, whoever asks. */
  async planConversion({ place, data }: Request): Promise<{ folder: string; files: number }> {
    const { from, to } = containersOf(deps, place, data);
    await to.ensure();
    const { folder, plan, vocabulary } = await planOf(from, convertOf(data), data.name, deps.installation);
    await writeNew(to, `${folder}/${vocabularyFile}`, vocabulary);
    await writeNew(to, `${folder}/plan.json`, JSON.stringify(plan));
    return { folder, files: plan.files.length };
  },

  /**
   * Converts one file of the plan: blob in, shards out, through the scratch folder; what came of it is written last. Idempotent: a
   * file that was converted before is left as it is where all of its shards are there.
   */
  async convertFile({
    place,
    data,
    folder,
    index,
  }: Planned & { index: number }): Promise<{ samples: number; reused: boolean }> {
    const { from, to } = containersOf(deps, place, data);
    const plan = await readPlan(to, folder);
    const file = plan.files[index];
    if (file === undefined) throw ApplicationFailure.nonRetryable(`the plan has no file ${index}`, 'NoPlan');
    const before = await convertedBefore(to, folder, file);
    if (before !== null) return { samples: before.samples, reused: true };
    return inWorkplace(deps.scratch, async (scratch) => {
      const vocabulary = join(scratch, vocabularyFile);
      await to.download(`${folder}/${vocabularyFile}`, vocabulary, cancellationSignal());
      const converted = await convertOne(from, plan, file, { folder: scratch, vocabulary });
      for (const shard of converted.shards) {
        await to.writeFile(`${folder}/${shard.file}`, join(scratch, 'out', shard.file), cancellationSignal());
        report({ activity: 'convert', stage: 'upload', file: shard.file });
      }
      await to.write(summaryPath(folder, file), JSON.stringify(converted));
      return { samples: converted.samples, reused: false };
    });
  },

  /** The manifest of all converted files, written last: a folder with a manifest is whole. Idempotent. */
  async assembleConverted({ place, data, folder }: Planned): Promise<PreparedData> {
    const { to } = containersOf(deps, place, data);
    const { files, options } = await readPlan(to, folder);
    const converted: ConvertedFile[] = [];
    for (const file of files) converted.push(await summaryOf(to, folder, file));
    const text = (await to.text(`${folder}/${vocabularyFile}`)) ?? '';
    const manifest = await asFailure(() =>
      assembleConverted(converted, parseVocabulary(text, vocabularyFile), data.name, options),
    );
    const content = JSON.stringify(manifest, undefined, 2) + '\n';
    const isNew = await writeNew(to, `${folder}/manifest.json`, content);
    return {
      contentId: manifest.contentId,
      folder,
      reused: !isNew,
      summary: describe(converted, manifest.vocabulary.size),
    };
  },
});

const vocabularyFile = 'vocab.txt';

const summaryPath = (folder: string, { split, name }: PlannedFile) => `${folder}/files/${split}/${name}.json`;

function convertOf(data: RunConfig['data']): NonNullable<RunConfig['data']['convert']> {
  if (data.convert !== undefined) return data.convert;
  throw ApplicationFailure.nonRetryable('data.convert is missing', 'ConfigError');
}

function containersOf(deps: Deps, place: Place, data: RunConfig['data']): { from: BlobContainer; to: BlobContainer } {
  const { source } = convertOf(data);
  return {
    from: deps.connection(place.azure).container(source.account, source.container),
    to: sourceContainer(deps, place, data),
  };
}

/** What is there already is left alone: somebody may be copying it. @returns whether it was written */
async function writeNew(to: BlobContainer, path: string, text: string): Promise<boolean> {
  const isThere = (await to.text(path)) === text;
  if (!isThere) await to.write(path, text);
  return !isThere;
}

/** The summary of a file whose shards are all there, by their size; null where it is to be converted. */
async function convertedBefore(to: BlobContainer, folder: string, file: PlannedFile): Promise<ConvertedFile | null> {
  const known = (await to.json(summaryPath(folder, file))) as ConvertedFile | null;
  if (known === null) return null;
  const infos = await Promise.all(known.shards.map((shard) => to.info(`${folder}/${shard.file}`)));
  return infos.every((info, index) => info?.bytes === known.shards[index]?.bytes) ? known : null;
}

async function summaryOf(to: BlobContainer, folder: string, file: PlannedFile): Promise<ConvertedFile> {
  const known = (await to.json(summaryPath(folder, file))) as ConvertedFile | null;
  if (known !== null) return known;
  throw ApplicationFailure.nonRetryable(
    `${to.name}/${folder} lacks what came of ${file.name}: somebody deleted it; start the run again`,
    'NoSummary',
  );
}

function describe(files: readonly ConvertedFile[], vocabulary: number): string {
  const samples = (split: string) =>
    files
      .filter((file) => file.split === split)
      .reduce((sum, file) => sum + file.samples, 0)
      .toLocaleString('en');
  const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return `${files.length} files of the old recipe (${megabytes.toFixed(1)} MB) converted: ${samples('train')} samples to train on, ${samples('heldout')} held out, vocabulary ${vocabulary}`;
}
