import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from '../../../corpus/files/files.js';
import { localFiles } from '../../../corpus/files/local.js';
import { identityOfFile } from '../../../corpus/identity.js';
import { parseOptions } from '../../../corpus/prepare.js';
import { inputsOf, makePlan } from '../../../corpus/stages/make-plan.js';
import { localFile } from '../../../corpus/input/local.js';
import { usualSizes, type Plan, type Sizes } from '../../../corpus/stages/plan.js';
import { extentOf, runTask, stages, tasksIn, type Task } from '../../../corpus/stages/tasks.js';
import type { Workshop } from '../../../corpus/stages/workshop.js';

/** A preparation that several workers share: one folder of intermediate files, one of results. */
export interface Shared {
  readonly folder: string;
  readonly dump: string;
  readonly plan: Plan;
  readonly work: Files;
  readonly out: Files;
}

export const smallSizes: Partial<Sizes> = {
  pieceBytes: 9_000,
  bucketBytes: 2_000,
  groupBytes: 9_000,
  poolTokens: 3_000,
};

export async function share(folder: string, dump: string, options: object, sizes = smallSizes): Promise<Shared> {
  const [work, out] = [localFiles(join(folder, 'work')), localFiles(join(folder, 'out'))];
  const inputs = await inputsOf({ dump: await identityOfFile(dump) }, parseOptions(options), {
    ...usualSizes,
    ...sizes,
  });
  const plan = await makePlan('test', inputs, { source: await localFile(dump) }, work);
  return { folder, dump, plan, work, out };
}

/** A worker's own view of it. */
export async function workshop(shared: Shared, files: Partial<Pick<Shared, 'work' | 'out'>> = {}): Promise<Workshop> {
  await mkdir(shared.folder, { recursive: true });
  return {
    work: shared.work,
    out: shared.out,
    ...files,
    scratch: await mkdtemp(join(shared.folder, 'scratch-')),
    open: () => localFile(shared.dump),
    breathe: () => Promise.resolve(),
    tell: () => undefined,
  };
}

export type Run = (task: Task) => Promise<number>;

/** All tasks of all stages, in the order that `arrange` gives those of a stage, by workers that take turns. */
export async function runStages(
  plan: Plan,
  workers: readonly Run[],
  arrange: (numbers: number[]) => number[] = (numbers) => numbers,
): Promise<void> {
  let groups = 0;
  for (const stage of stages) {
    const count = tasksIn(stage, extentOf(plan), groups);
    const left = arrange(Array.from({ length: count }, (_, number) => number));
    const lane = async (run: Run): Promise<void> => {
      for (let number = left.shift(); number !== undefined; number = left.shift()) {
        groups = Math.max(groups, await run({ stage, number }));
      }
    };
    await Promise.all(workers.map(lane));
  }
}

export const inProcess = async (shared: Shared): Promise<Run> => {
  const shop = await workshop(shared);
  return (task) => runTask(task, shop);
};

/** The content of every file below a folder. */
export async function bytesBelow(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.sort().map(async (file) => [file.slice(folder.length), await readFile(file, 'base64')] as const),
    ),
  );
}
