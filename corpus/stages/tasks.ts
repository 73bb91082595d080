import { MissingFileError, readJson, writeJson, type Files } from '../files/files.js';
import { manifestFile, parseManifest, type DatasetManifest } from '../manifest.js';
import { writeDistinct } from './distinct.js';
import { doneFile } from './done.js';
import { markDuplicates } from './duplicates.js';
import { finishDataset } from './finish.js';
import { layOut, type LayoutDone } from './layout.js';
import { pairsStage, writePairs } from './pairs.js';
import type { Plan } from './plan.js';
import { mergePools } from './pool.js';
import { writeShards } from './shards.js';
import { writeText } from './text.js';
import { writeTokensOf } from './tokens.js';
import { makeVocabulary } from './vocabulary.js';
import { readPlan, type Workshop } from './workshop.js';

/** The stages of a preparation; each needs all of the one before. The second and the third are for who leaves out near duplicates. `STAGES` of domain/preparation.ts is held to it by test/house/stages.test.ts. */
export const stages = [
  'text',
  'duplicates',
  'distinct',
  'vocabulary',
  'tokens',
  'pool',
  'pairs',
  'layout',
  'shards',
  'finish',
] as const;
export type Stage = (typeof stages)[number];

/** One piece of a stage: done alone, repeated at will, by whom and in whatever order within the stage. */
export interface Task {
  readonly stage: Stage;
  /** From 0; of `pairs`, all pieces of the first set come first. */
  readonly number: number;
}

/** What decides how many tasks there are. */
export interface Extent {
  readonly pieces: number;
  readonly sets: number;
  /** From which likeness on pages are left out as near duplicates; absent where all stay. */
  readonly nearDuplicates?: number | undefined;
}

export function extentOf({ pieces, options }: Pick<Plan, 'pieces' | 'options'>): Extent {
  return {
    pieces: pieces.length,
    sets: options.sequenceLengths.length,
    nearDuplicates: options.nearDuplicates?.likeness,
  };
}

/** How many tasks a stage has. @param groups what `layout` came to; before it 0 */
export function tasksIn(stage: Stage, plan: Extent, groups: number): number {
  if (stage === 'duplicates') return plan.nearDuplicates === undefined ? 0 : 1;
  if (stage === 'distinct') return plan.nearDuplicates === undefined ? 0 : plan.pieces;
  if (stage === 'text' || stage === 'tokens') return plan.pieces;
  if (stage === 'pairs') return plan.pieces * plan.sets;
  return stage === 'shards' ? groups : 1;
}

/** The dataset, where it is finished: its manifest is written last. */
export async function finished(out: Files): Promise<DatasetManifest | null> {
  const content = await out.read(manifestFile);
  return content === null ? null : parseManifest(Buffer.from(content).toString('utf8'), manifestFile);
}

/**
 * Does a task, unless it is done already or the whole dataset is, which another preparation of the same may have finished.
 * @returns how many groups of shards there are, behind `layout`; else 0
 */
export async function runTask(task: Task, shop: Workshop): Promise<number> {
  if ((await finished(shop.out)) !== null) return groupsIn(await leftovers(task, shop));
  try {
    return groupsIn(await doTask(task, shop));
  } catch (error) {
    const isDoneByOthers = error instanceof MissingFileError && (await finished(shop.out)) !== null;
    if (!isDoneByOthers) throw error;
    return 0;
  }
}

/** What a task that was late left behind a finished dataset is of no use. */
async function leftovers({ stage }: Task, { work }: Workshop): Promise<null> {
  if (stage === 'finish') await work.remove('');
  return null;
}

async function doTask(task: Task, shop: Workshop): Promise<unknown> {
  const plan = await readPlan(shop.work);
  const piece = task.number % plan.pieces.length;
  const set = Math.floor(task.number / plan.pieces.length);
  if (task.stage === 'finish') return work(task, plan, { piece, set }, shop);
  const isPairs = task.stage === 'pairs';
  const folder = isPairs ? pairsStage(plan.options.sequenceLengths[set] as number) : task.stage;
  const marker = doneFile(folder, isPairs ? piece : task.number);
  const before = await readJson<unknown>(shop.work, marker);
  if (before !== null) return before;
  const done = await work(task, plan, { piece, set }, shop);
  await writeJson(shop.work, marker, done);
  return done;
}

function work(
  task: Task,
  plan: Plan,
  { piece, set }: { piece: number; set: number },
  shop: Workshop,
): Promise<unknown> {
  switch (task.stage) {
    case 'text':
      return writeText(piece, plan, shop);
    case 'duplicates':
      return markDuplicates(plan, shop);
    case 'distinct':
      return writeDistinct(piece, plan, shop);
    case 'vocabulary':
      return makeVocabulary(plan, shop);
    case 'tokens':
      return writeTokensOf(piece, plan, shop);
    case 'pool':
      return mergePools(plan, shop);
    case 'pairs':
      return writePairs(piece, set, plan, shop);
    case 'layout':
      return layOut(plan, shop);
    case 'shards':
      return writeShards(task.number, plan, shop);
    case 'finish':
      return finishDataset(plan, shop);
  }
}

function groupsIn(done: unknown): number {
  const { groups } = (done ?? {}) as Partial<LayoutDone>;
  return groups ?? 0;
}
