import { ApplicationFailure } from '@temporalio/common';
import { type SubmittedJob, getJob, getSubmittedJob } from '../azure/jobs.js';
import type { PhaseState } from '../domain/attempts.js';
import type { CheckpointRef } from '../domain/checkpoints.js';
import type { Operator } from '../domain/commands.js';
import type { RunConfig } from '../domain/config.js';
import type { Told } from '../domain/control.js';
import { readEntries } from '../domain/journal.js';
import { attemptNumber, jobName } from '../domain/names.js';
import { type Past, checkpointAt, pastFrom } from '../domain/past.js';
import { journalPath, phaseAttemptsFolder } from '../domain/paths.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { ownership } from './run-record.js';
import { lastTold } from './trainer-look.js';

/** The attempt that an earlier workflow of the run submitted and never saw the end of. */
export interface OpenJob {
  readonly phase: string;
  readonly attempt: number;
  readonly jobName: string;
  /** Epoch milliseconds. */
  readonly submittedAt: number;
  readonly resumedFrom: CheckpointRef | null;
  /** Folder of its dataset in the run's container; null where the job does not tell. */
  readonly dataFolder: string | null;
  readonly told: Told;
}

/** What a workflow that takes a run up must know of those before it. */
export interface TakenUp {
  /** By phase. A head is named only where nothing needs to look for one. */
  readonly past: Readonly<Record<string, PhaseState>>;
  readonly open: OpenJob | null;
  readonly operator: Operator;
  readonly startedAt: number | null;
}

/**
 * Reads journal, folders and jobs. @param chains workflow chains that worked on the run before, oldest first
 * @throws a final failure where the job of its open attempt is somebody else's
 */
export async function readPast(
  deps: Deps,
  place: Place,
  config: RunConfig,
  chains: readonly string[],
): Promise<TakenUp> {
  const journal = (await storeOf(deps, place).text(journalPath(place.run))) ?? '';
  const past = pastFrom(config, readEntries(journal), chains);
  const attempts: Record<string, number> = {};
  for (const { name } of config.phases) attempts[name] = await attemptsSoFar(deps, place, name, past);
  const open = await openJob(deps, place, { config, past, attempts });
  const phases = config.phases.map(({ name }) => {
    const state = past.phases[name];
    if (state === undefined) throw new Error(`the past names no phase ${name}`);
    const known = open?.phase === name || isBehind(config, past, name, open);
    const counted = { ...state, attempts: attempts[name] ?? state.attempts };
    return [name, known ? counted : { ...counted, head: null, done: false }] as const;
  });
  const { operator, startedAt } = past;
  return { past: Object.fromEntries(phases), open, operator, startedAt };
}

async function attemptsSoFar(deps: Deps, place: Place, phase: string, past: Past): Promise<number> {
  const folders = await storeOf(deps, place).folders(phaseAttemptsFolder(place.run, phase));
  const submitted = past.submitted.filter((one) => one.phase === phase).map(({ attempt }) => attempt);
  let count = Math.max(past.phases[phase]?.attempts ?? 0, 0, ...submitted, ...folders.map(attemptNumber));
  // An attempt that died before its first upload has a job but no folder.
  while ((await getJob(deps.connection(place.azure), jobName(place.run, phase, count + 1))) !== null) count++;
  return count;
}

interface Known {
  readonly config: RunConfig;
  readonly past: Past;
  readonly attempts: Readonly<Record<string, number>>;
}

/** The newest attempt of the first phase that is not done, where it has a job and no record: alive or not, its end is still to be settled. */
async function openJob(deps: Deps, place: Place, { config, past, attempts }: Known): Promise<OpenJob | null> {
  const phase = config.phases.find(({ name, steps }) => !isDone(past, name, steps))?.name;
  const attempt = phase === undefined ? 0 : (attempts[phase] ?? 0);
  if (phase === undefined || attempt === 0) return null;
  const name = jobName(place.run, phase, attempt);
  const isRecorded = past.records.some((record) => record.jobName === name);
  const job = isRecorded ? null : await getSubmittedJob(deps.connection(place.azure), name);
  if (job === null) return null;
  const submitted = past.submitted.find((one) => one.jobName === name);
  const isOurs = await ownership(deps, place);
  if (!isOurs(job.tags)) {
    // A stranger took a name that was free: its number is passed over. One that the journal names cannot have been a stranger's.
    if (submitted === undefined) return null;
    throw ApplicationFailure.nonRetryable(
      `job ${name} stands in the journal of run "${place.run}" and carries the tags of another run; look at it in Azure ML before anything of the run goes on`,
      'JobIsNotOurs',
    );
  }
  return {
    phase,
    attempt,
    jobName: name,
    submittedAt: submitted?.at ?? job.createdAt ?? Date.now(),
    resumedFrom: resumedFrom(job, phase, past),
    dataFolder: job.inputPaths['data'] ?? null,
    told: await lastTold(storeOf(deps, place), place.run, phase, attempt),
  };
}

function resumedFrom({ inputPaths }: SubmittedJob, phase: string, { records }: Past): CheckpointRef | null {
  const path = inputPaths['resume'];
  return path === undefined ? null : checkpointAt(path, phase, records);
}

function isDone({ phases }: Past, phase: string, steps: number): boolean {
  const state = phases[phase];
  return state?.done === true && state.head?.step === steps;
}

/** True for a phase before that of the open attempt: what trains now began with its checkpoint, which was looked at then. */
function isBehind(config: RunConfig, past: Past, phase: string, open: OpenJob | null): boolean {
  const index = (name: string) => config.phases.findIndex((one) => one.name === name);
  const steps = config.phases[index(phase)]?.steps ?? Infinity;
  return open !== null && index(phase) < index(open.phase) && isDone(past, phase, steps);
}
