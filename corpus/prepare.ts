import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CorpusError } from './error.js';
import { localFiles } from './files/local.js';
import { identityOfFile } from './identity.js';
import { canonicalJson, readManifest, type DatasetManifest } from './manifest.js';
import { PrepareOptionsSchema, type Preparation, type PrepareOptions } from './options.js';
import { progressMeter, type OnProgress, type ProgressMeter } from './progress.js';
import { asides } from './stages/finish.js';
import { inputsOf, makePlan, type Inputs } from './stages/make-plan.js';
import { localFile } from './input/local.js';
import { usualSizes, type Plan, type Sizes } from './stages/plan.js';
import { extentOf, finished, runTask, stages, tasksIn } from './stages/tasks.js';
import type { Workshop } from './stages/workshop.js';
import { verifyDataset } from './verify.js';
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
  /** How large the parts are that are worked on one by one; absent: as usual. */
  readonly sizes?: Partial<Sizes>;
}

/**
 * Prepares a dataset on this machine, one task after the other: dump to text to tokens to shards, in the layout of
 * docs/payload-contract.md, with `attribution.jsonl` and `quality.md` beside it. Files are made in a temporary folder and moved in place
 * when all are done, `manifest.json` last. The same dump and options give the same bytes, here and spread over workers. Keeps the
 * processor busy.
 * @throws CorpusError when options or dump are wrong or `outDir` holds another dataset; the signal's reason when aborted.
 */
export async function prepareDataset(
  request: PrepareRequest,
  onProgress: OnProgress = () => undefined,
  signal?: AbortSignal,
): Promise<DatasetManifest> {
  const { dump, outDir, name } = request;
  const options = parseOptions(request.options);
  const inputs = await inputsOf({ dump: await identityOfFile(dump) }, options, { ...usualSizes, ...request.sizes });
  const before = await findFinished(outDir, inputs);
  if (before !== undefined) return before;
  const meter = progressMeter(onProgress, signal);
  return inWorkplace(outDir, async (folder) => {
    const shop = await workshopIn(folder, dump, meter);
    const plan = await makePlan(name, inputs, { source: await shop.open() }, shop.work);
    await runAll(plan, shop, meter);
    const manifest = (await finished(shop.out)) as DatasetManifest;
    await moveInPlace(join(folder, 'out'), outDir, manifest);
    return manifest;
  });
}

/** Does all tasks of a preparation, in order. */
export async function runAll(plan: Plan, shop: Workshop, meter: ProgressMeter): Promise<void> {
  let groups = 0;
  for (const stage of stages) {
    const of = tasksIn(stage, extentOf(plan), groups);
    for (let number = 0; number < of; number++) {
      meter.update({ stage, done: number, of });
      await meter.breathe();
      groups = Math.max(groups, await runTask({ stage, number }, shop));
    }
  }
}

/** The options with every default filled in. @throws CorpusError when they are not valid */
export function parseOptions(options: PrepareOptions): Preparation {
  const parsed = PrepareOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new CorpusError(`The options of the data preparation are not valid: ${z.prettifyError(parsed.error)}`);
}

/** The dataset that is already in `outDir`, if it was made from the same and every file of it is intact. */
async function findFinished(outDir: string, { createdFrom }: Inputs): Promise<DatasetManifest | undefined> {
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

async function workshopIn(folder: string, dump: string, meter: ProgressMeter): Promise<Workshop> {
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);
  return {
    work: localFiles(join(folder, 'work')),
    out: localFiles(join(folder, 'out')),
    scratch,
    open: () => localFile(dump),
    breathe: () => meter.breathe(),
    tell: (progress) => meter.update(progress),
  };
}

async function moveInPlace(from: string, outDir: string, manifest: DatasetManifest): Promise<void> {
  const shards = manifest.sets.flatMap(({ train, heldout }) => [...train.shards, ...heldout.shards]);
  for (const file of [...shards.map((shard) => shard.file), ...asides]) {
    const target = join(outDir, file);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(from, file), target);
  }
}
