import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { localFiles } from '../../../corpus/files/local.js';
import { identityOfFile } from '../../../corpus/identity.js';
import { localFile } from '../../../corpus/input/local.js';
import { parseOptions } from '../../../corpus/prepare.js';
import { runTaskInThread } from '../../../corpus/stages/in-thread.js';
import { inputsOf, makePlan } from '../../../corpus/stages/make-plan.js';
import { usualSizes, type Sizes } from '../../../corpus/stages/plan.js';
import type { Task } from '../../../corpus/stages/tasks.js';

/** A preparation on local files. */
export interface Job {
  readonly dump: string;
  /** Holds `work`, `out` and the workers' scratch folders. */
  readonly folder: string;
  readonly options: object;
  readonly sizes: Partial<Sizes>;
}

/** What a worker is told to do: plan, or a task. */
export interface Order {
  readonly job: Job;
  readonly task: Task | 'plan';
}

/** What it tells: how many pieces and sets a plan has, how many groups the layout came to, and the processor seconds that it took. */
export interface Done {
  readonly pieces: number;
  readonly sets: number;
  readonly groups: number;
  readonly cpu: number;
}

// A data worker as the product has it, each task in a thread of its own beside the thread that reads and writes files; where that
// one talks to Temporal, this one talks to its parent.
process.on('message', (order: Order) => {
  void work(order).then(
    (done) => process.send?.(done),
    (error: unknown) => process.send?.({ failure: (error as Error).message }),
  );
});
process.on('disconnect', () => process.exit());

async function work({ job, task }: Order): Promise<Done> {
  const before = process.cpuUsage();
  const outcome =
    task === 'plan' ? { ...(await plan(job)), groups: 0 } : { pieces: 0, sets: 0, groups: await run(job, task) };
  const { user, system } = process.cpuUsage(before);
  return { ...outcome, cpu: (user + system) / 1e6 };
}

async function plan({ dump, folder, options, sizes }: Job): Promise<{ pieces: number; sets: number }> {
  const inputs = await inputsOf({ dump: await identityOfFile(dump) }, parseOptions(options), {
    ...usualSizes,
    ...sizes,
  });
  const bytes = { source: await localFile(dump), isOnEachWorker: true };
  const { pieces } = await makePlan('bench', inputs, bytes, localFiles(join(folder, 'work')));
  return { pieces: pieces.length, sets: inputs.options.sequenceLengths.length };
}

async function run({ dump, folder }: Job, task: Task): Promise<number> {
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const [work, out] = [localFiles(join(folder, 'work')), localFiles(join(folder, 'out'))];
  const groups = await runTaskInThread(task, { work, out, scratch, source: { file: dump } }, () => undefined);
  await rm(scratch, { recursive: true });
  return groups;
}
