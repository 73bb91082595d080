import type { AzureConnection } from '../../../azure/connection.js';
import { getCluster } from '../../../azure/cluster.js';
import { getJobHistory } from '../../../azure/history.js';
import { type Job, isTerminal, listJobs } from '../../../azure/jobs.js';
import type { RunConfig } from '../../../domain/config.js';
import { until } from '../../e2e/observe.js';

/** What a run held, by Azure's own record, and whether that is within its bound. */
export interface Finding {
  readonly run: string;
  readonly cells: string[];
  readonly jobs: number;
  /** In a sentence; null where it holds. */
  readonly broken: string | null;
}

const PATIENCE_SECONDS = 300;
/** A cancel, and Azure's own look at its timeouts. */
const BEYOND_SECONDS = 15;

const jobsOf = async (azure: AzureConnection, { name }: RunConfig): Promise<Job[]> =>
  (await listJobs(azure, `bertha.run=${name}`)).filter(({ tags }) => tags['bertha.run'] === name);

/** Until the first job of the run is there, and nothing of it runs yet. */
export async function untilSubmitted(azure: AzureConnection, config: RunConfig): Promise<void> {
  await until(async () => (await jobsOf(azure, config)).length > 0, PATIENCE_SECONDS);
}

/** Until the trainer has taken in a control.json that names a time. */
export async function untilTold(azure: AzureConnection, config: RunConfig): Promise<void> {
  const store = azure.container(config.storage.account, config.storage.container);
  const folder = `runs/${config.name}/p1/attempts/a001`;
  await until(async () => {
    const [incarnation] = await store.folders(folder);
    if (incarnation === undefined) return false;
    const control = (await store.json(`${folder}/${incarnation}/control.json`)) as { spendUntil?: string } | null;
    const beat = (await store.json(`${folder}/${incarnation}/heartbeat.json`)) as Beat | null;
    return typeof control?.spendUntil === 'string' && (beat?.control?.sequence ?? 0) >= 2 && (beat?.step ?? 0) > 0;
  }, PATIENCE_SECONDS);
}

interface Beat {
  readonly step: number | null;
  readonly control?: { readonly sequence: number } | null;
}

/** Until no job of the run lives, and its cluster holds no node. */
export async function untilNothingRuns(azure: AzureConnection, config: RunConfig): Promise<void> {
  await until(async () => (await jobsOf(azure, config)).every(({ status }) => isTerminal(status)), PATIENCE_SECONDS);
  await until(async () => ((await getCluster(azure, config.cluster.name))?.nodes ?? 0) === 0, PATIENCE_SECONDS);
}

/** @param bound `seconds` that the budget pays for; `leftAt` when nobody watched any more, epoch milliseconds, null for never */
export async function whatItSpent(
  azure: AzureConnection,
  config: RunConfig,
  bound: { readonly seconds: number; readonly leftAt: number | null },
): Promise<Finding> {
  const jobs = await jobsOf(azure, config);
  const histories = await Promise.all(jobs.map(({ name }) => getJobHistory(azure, name)));
  const held = histories.reduce((sum, one) => sum + Math.max(0, (one?.endedAt ?? 0) - (one?.startedAt ?? Infinity)), 0);
  const seconds = held / 1000;
  const last = Math.max(...histories.map((one) => one?.endedAt ?? 0));
  const alive = jobs.filter(({ status }) => !isTerminal(status)).map(({ name }) => name);
  const isOver = seconds > bound.seconds + BEYOND_SECONDS;
  const leftFor = bound.leftAt === null ? 'never' : `for ${((last - bound.leftAt) / 1000).toFixed(1)} s`;
  const word = await lastWord(azure, config);
  const how = `${word}${jobs.map(({ status }) => `, ${status}`).join('')}`;
  const ended = new Date(last).toISOString().slice(11, 19);
  return {
    run: config.name,
    cells: [config.name, `${seconds.toFixed(1)} s`, `${bound.seconds} s`, leftFor, ended, how],
    jobs: jobs.length,
    broken:
      alive.length > 0
        ? `${alive.join(', ')} lives`
        : isOver
          ? `its nodes were held for ${seconds.toFixed(1)} s`
          : seconds === 0
            ? 'it held no nodes at all: nothing was tried'
            : /^crashed/.test(word)
              ? 'its trainer crashed instead of leaving'
              : null,
  };
}

/** What the trainer of the last attempt said when it left; `without a word` where it did not. */
async function lastWord(azure: AzureConnection, { name, storage }: RunConfig): Promise<string> {
  const store = azure.container(storage.account, storage.container);
  const endings = (await store.list(`runs/${name}/p1/attempts/`)).filter(({ path }) => path.endsWith('/ending.json'));
  const newest = endings.at(-1);
  if (newest === undefined) return 'without a word';
  const said = (await store.json(newest.path)) as { reason?: string; exitCode?: number } | null;
  return `${said?.reason} (exit code ${said?.exitCode})`;
}
