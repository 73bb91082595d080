import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PreparationRequest, PreparedData } from '../../../../activities/preparation/prepare.js';
import type { BlobContainer } from '../../../../azure/blob.js';
import type { Task } from '../../../../corpus/stages/tasks.js';
import { STAGES, tasksIn } from '../../../../domain/preparation.js';
import { bertha } from '../../../../installation.js';
import { azure, config, dataActivities, place } from '../../support/deps.js';
import { run } from '../../support/run.js';
import { sharedStack } from '../../support/stack.js';

/** Options that make little of a small dump. */
export const few = { vocabulary: { trainSize: 256 }, sequenceLengths: [16] };

/** How a task is done: by the activity, or by a test that watches it. */
export type Doing = (task: Task, doIt: () => ReturnType<typeof dataActivities.prepareTask>) => ReturnType<typeof doIt>;

/** The preparation that a config of this name asks for. @param prepare its dump, at least */
export function requestOf(name: string, prepare: { dump: string; index?: string; options?: object }, cloud = 'local') {
  const { data } = config(name);
  const wanted = { options: few, ...prepare } as NonNullable<PreparationRequest['data']['prepare']>;
  return { place: place(name, cloud), data: { ...data, name, prepare: wanted } };
}

/** Plans a preparation and does all of its tasks, as the workflow does. */
export async function prepareAll(
  request: PreparationRequest,
  doing: Doing = (_, doIt) => doIt(),
): Promise<PreparedData> {
  const outline = await run(dataActivities.planPreparation, request);
  if (outline.prepared !== null) return outline.prepared;
  let last = { groups: 0, prepared: null as PreparedData | null };
  for (const stage of STAGES) {
    const { groups } = last;
    for (let number = 0; number < tasksIn(stage, outline, groups); number++) {
      const task = { stage, number };
      const one = await doing(task, () =>
        run(dataActivities.prepareTask, { ...request, inputs: outline.inputs, task }),
      );
      last = { ...one, groups: Math.max(groups, one.groups) };
    }
  }
  if (last.prepared === null) throw new Error('no dataset came of it');
  return last.prepared;
}

/** The container that datasets of these tests are made in. */
export async function sourceStore(): Promise<BlobContainer> {
  await sharedStack();
  const { account = '', container = '' } = config('any').data.source;
  const store = azure().container(account, container);
  await store.ensure();
  return store;
}

/** Hashes of a dataset's files, but of those that name where it came from. */
export async function hashesIn(store: BlobContainer, folder: string): Promise<Map<string, string>> {
  const files = (await store.list(`${folder}/`)).map(({ path }) => path.slice(folder.length + 1));
  const made = files.filter((file) => !/manifest\.json|quality\.md/.test(file));
  return new Map(
    await Promise.all(made.map(async (file) => [file, (await store.sha256(`${folder}/${file}`)).sha256] as const)),
  );
}

/** Writes a file beside the stack of these tests. @returns its path */
export function writeBeside(name: string, content: string | Uint8Array): string {
  const file = join(bertha('stacks', 'activities-test'), 'inputs', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
