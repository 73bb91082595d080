import { resolve } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Files, readJson } from '../../corpus/files/files.js';
import type { DatasetManifest } from '../../corpus/manifest.js';
import { PrepareOptionsSchema, type Preparation } from '../../corpus/options.js';
import { runTaskInThread } from '../../corpus/stages/in-thread.js';
import { inputsOf, makePlan, outlinePlan } from '../../corpus/stages/make-plan.js';
import { type Plan, planFile } from '../../corpus/stages/plan.js';
import { openSource, type SourceOfTask } from '../../corpus/stages/source.js';
import { finished, type Task } from '../../corpus/stages/tasks.js';
import { inWorkplace } from '../../corpus/workplace.js';
import type { RunConfig } from '../../domain/config.js';
import { STAGES, tasksIn } from '../../domain/preparation.js';
import { preparationFolder, preparedDatasetFolder } from '../../domain/paths.js';
import { type Deps, type Place, report } from '../deps.js';
import { blobFiles } from './blob-files.js';
import { asFailure } from './failure.js';
import { openInput, type NamedInput, type PreparationInput } from './input.js';
import { requireSame } from './same-input.js';
import { sourceContainer } from '../copy/source.js';

/** What is prepared, and where its run lives. */
export interface PreparationRequest {
  readonly place: Place;
  readonly data: RunConfig['data'];
}

export interface PreparedData {
  readonly contentId: string;
  /** Folder in the source container. */
  readonly folder: string;
  readonly reused: boolean;
  readonly summary: string;
}

/** What the workflow must know of a preparation; the plan itself lies beside the intermediate files. */
export interface PreparationOutline {
  /** Names the folders of the dataset and of its intermediate files. */
  readonly inputs: string;
  readonly pieces: number;
  readonly sets: number;
  readonly bytes: number;
  /** From which likeness on pages are left out as near duplicates; absent where all stay. */
  readonly nearDuplicates?: number | undefined;
  /** The dataset, where it is there already. */
  readonly prepared: PreparedData | null;
}

export interface TaskOutcome {
  /** Behind `layout`: how many groups of shards there are; else 0. */
  readonly groups: number;
  /** Behind `finish`: the dataset. */
  readonly prepared: PreparedData | null;
}

/** Preparation of a dataset in the source container, piece by piece. Each is idempotent: killed and repeated at will, here or elsewhere. */
export const preparationActivities = (deps: Deps) => ({
  /** Looks at what is to be prepared and cuts it into pieces. Equal inputs find what was prepared or begun before. */
  planPreparation: (request: PreparationRequest): Promise<PreparationOutline> => plan(deps, request, makePlan),

  /** The same for who only wants to know: nothing is written. */
  lookAtPreparation: (request: PreparationRequest): Promise<PreparationOutline> => plan(deps, request, outlinePlan),

  /** Does one task of a preparation that was planned. */
  prepareTask: (request: PreparationRequest & { inputs: string; task: Task }): Promise<TaskOutcome> =>
    doTask(deps, request),

  /** The whole preparation in one activity, for runs whose history has it so. */
  async prepareData(request: PreparationRequest): Promise<PreparedData> {
    const outline = await plan(deps, request, makePlan);
    const { inputs, prepared } = outline;
    if (prepared !== null) return prepared;
    let last: TaskOutcome = { groups: 0, prepared: null };
    for (const stage of STAGES) {
      const of = tasksIn(stage, outline, last.groups);
      const { groups } = last;
      for (let number = 0; number < of; number++) {
        const outcome = await doTask(deps, { ...request, inputs, task: { stage, number } });
        last = { ...outcome, groups: Math.max(groups, outcome.groups) };
      }
    }
    if (last.prepared === null) throw new Error('the last task of the preparation gave no dataset');
    return last.prepared;
  },
});

async function plan(deps: Deps, request: PreparationRequest, make: typeof makePlan): Promise<PreparationOutline> {
  const { place, data } = request;
  const { options } = prepareOf(data);
  await sourceContainer(deps, request.place, request.data).ensure();
  return withFailures(deps, async () => {
    const { dump, index } = await openAll(deps, place, data);
    const identities = { dump: await dump.identity(), index: await index?.identity() };
    const inputs = await inputsOf(identities, placed(PrepareOptionsSchema.parse(options), deps));
    const { work, out } = foldersOf(deps, request, inputs.id);
    const there = await finished(out);
    const source = await openSource(dump.source);
    const { sequenceLengths, nearDuplicates } = inputs.options;
    const outline = {
      ...{ inputs: inputs.id, sets: sequenceLengths.length, bytes: source.bytes },
      ...(nearDuplicates && { nearDuplicates: nearDuplicates.likeness }),
    };
    if (there !== null) return { ...outline, pieces: 0, prepared: describe(there, data.name, inputs.id, true) };
    const bytes = { source, index: index && (await openSource(index.source)), isOnEachWorker: 'file' in dump.source };
    const { pieces } = await make(data.name, inputs, bytes, work);
    return { ...outline, pieces: pieces.length, prepared: null };
  });
}

async function doTask(
  deps: Deps,
  request: PreparationRequest & { readonly inputs: string; readonly task: Task },
): Promise<TaskOutcome> {
  const { data, inputs, task } = request;
  const signal = cancellationSignal();
  const { work, out } = foldersOf(deps, request, inputs);
  return withFailures(deps, () =>
    inWorkplace(deps.scratch, async (scratch) => {
      const source = await inputOf(deps, request, work);
      report({ activity: 'prepare', ...task });
      const shop = { work, out, scratch, source };
      const groups = await runTaskInThread(
        task,
        shop,
        (how) => report({ activity: 'prepare', ...task, ...how }),
        signal,
      );
      const manifest = task.stage === 'finish' ? await finished(out) : null;
      return { groups, prepared: manifest === null ? null : describe(manifest, data.name, inputs, false) };
    }),
  );
}

/** The input of a task; only text is made from it, so that the others need no worker that has it. */
async function inputOf(
  deps: Deps,
  { place, data, task }: PreparationRequest & { readonly task: Task },
  work: Files,
): Promise<SourceOfTask> {
  if (task.stage !== 'text') return { file: '' };
  const { dump } = await openAll(deps, place, data, 'dump');
  const planned = await readJson<Plan>(work, planFile);
  if (planned !== null) await requireSame(dump, planned, task.number);
  return dump.source;
}

/** What the config names: the dump, and its index, which only who plans needs. */
async function openAll(
  deps: Deps,
  place: Place,
  data: RunConfig['data'],
  which: 'all' | 'dump' = 'all',
): Promise<{ dump: PreparationInput; index: PreparationInput | undefined }> {
  const { dump, index } = prepareOf(data);
  const open = (field: NamedInput['field'], name: string) =>
    openInput(deps, place, { field, name }, cancellationSignal());
  return {
    dump: await open('data.prepare.dump', dump),
    index: index === undefined || which === 'dump' ? undefined : await open('data.prepare.index', index),
  };
}

function foldersOf(deps: Deps, request: PreparationRequest, inputs: string) {
  const signal = cancellationSignal();
  const container = sourceContainer(deps, request.place, request.data);
  const { name } = request.data;
  return {
    work: blobFiles(container, preparationFolder(name, inputs), signal),
    out: blobFiles(container, preparedDatasetFolder(name, inputs), signal),
  };
}

function prepareOf(data: RunConfig['data']): NonNullable<RunConfig['data']['prepare']> {
  if (data.prepare === undefined) throw ApplicationFailure.nonRetryable('data.prepare is missing', 'ConfigError');
  return data.prepare;
}

/** A vocabulary, like a dump, is a path relative to the installation. */
function placed(options: Preparation, { installation }: Deps): Preparation {
  const { vocabulary } = options;
  return 'file' in vocabulary ? { ...options, vocabulary: { file: resolve(installation, vocabulary.file) } } : options;
}

function withFailures<T>(deps: Deps, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw asFailure(error, deps.scratch);
  });
}

function describe(manifest: DatasetManifest, name: string, inputs: string, reused: boolean): PreparedData {
  const sets = manifest.sets.map(
    (set) => `${set.train.samples.toLocaleString('en')} samples of ${set.sequenceLength} tokens`,
  );
  const { contentId, pages, vocabulary } = manifest;
  const summary = `${pages.out.toLocaleString('en')} of ${pages.in.toLocaleString('en')} pages, ${sets.join(', ')}, vocabulary ${vocabulary.size}`;
  return { contentId, folder: preparedDatasetFolder(name, inputs), reused, summary };
}
