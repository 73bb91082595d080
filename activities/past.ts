import { ApplicationFailure } from '@temporalio/common';
import { getJob, getSubmittedJob } from '../azure/jobs.js';
import type { PhaseState, BegunAttempt } from '../domain/attempts.js';
import type { Operator } from '../domain/commands.js';
import type { RunConfig } from '../domain/config.js';
import type { Told } from '../domain/control.js';
import type { EndedByUs } from '../domain/endings/evidence.js';
import { type RunningLedger, ledgerOfPast } from '../domain/goodput/running.js';
import { type Measured, newMeasured, withAttempt } from '../domain/interval/measured.js';
import { readEntries } from '../domain/journal.js';
import type { ToldShare } from '../domain/money/alerts.js';
import { attemptNumber, jobName } from '../domain/names.js';
import { type Past, pastFrom } from '../domain/past.js';
import { journalPath, phaseAttemptsFolder } from '../domain/paths.js';
import { begunAt, isDone, resumedFromOf, unsettledAttempt } from '../domain/unsettled.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { ownership } from './run-record.js';
import { lastTold } from './trainer-look.js';

/** The attempt that an earlier workflow of the run submitted and never saw the end of. */
export interface OpenJob extends BegunAttempt {
  /** Folder of its dataset in the run's container; null where the job does not tell. */
  readonly dataFolder: string | null;
  readonly told: Told;
  /** Why an earlier workflow was bringing it to its end; null where none was. */
  readonly stopping: EndedByUs | null;
}

/** What a workflow that takes a run up must know of those before it. */
export interface TakenUp {
  /** By phase. A head is named only where nothing needs to look for one. */
  readonly past: Readonly<Record<string, PhaseState>>;
  readonly open: OpenJob | null;
  readonly operator: Operator;
  readonly startedAt: number | null;
  /** Where time and money went before; null where nothing is told, absent in claims of earlier releases. */
  readonly ledger?: RunningLedger | null;
  /** Absent in claims of earlier releases. */
  readonly measured?: Measured;
  /** What share of its budget a person was told of last; absent as the ledger is. */
  readonly budgetTold?: ToldShare | null;
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
  const entries = readEntries(journal);
  const past = pastFrom(config, entries, chains);
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
  const { operator, startedAt, budgetTold } = past;
  const events = entries.flatMap((entry) => (entry.type === 'event' ? [entry.event] : []));
  const ledger = ledgerOfPast(events, past.records, open?.submittedAt ?? deps.now());
  const measured = past.records.reduce(withAttempt, newMeasured());
  return { past: Object.fromEntries(phases), open, operator, startedAt, ledger, measured, budgetTold };
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

/** The attempt whose end is still to be settled, and what its job tells of it. */
async function openJob(deps: Deps, place: Place, { config, past, attempts }: Known): Promise<OpenJob | null> {
  const unsettled = unsettledAttempt(config, past, attempts);
  if (unsettled === null) return null;
  const { phase, attempt, submitted } = unsettled;
  const name = jobName(place.run, phase, attempt);
  const job = await getSubmittedJob(deps.connection(place.azure), name);
  const isOurs = await ownership(deps, place);
  if (job !== null && !isOurs(job.tags)) {
    // A stranger took a name that was free: its number is passed over. One that the journal names cannot have been a stranger's.
    if (submitted === null) return null;
    throw ApplicationFailure.nonRetryable(
      `job ${name} stands in the journal of run "${place.run}" and carries the tags of another run; look at it in Azure ML before anything of the run goes on`,
      'JobIsNotOurs',
    );
  }
  return {
    phase,
    attempt,
    jobName: name,
    submittedAt: begunAt([submitted?.at, job?.createdAt], deps.now()),
    resumedFrom: resumedFromOf(past, unsettled, job === null ? undefined : (job.inputPaths['resume'] ?? null)),
    ...(submitted?.cluster === undefined ? {} : { cluster: submitted.cluster }),
    dataFolder: job?.inputPaths['data'] ?? null,
    told: await lastTold(storeOf(deps, place), place.run, phase, attempt),
    stopping: submitted?.stopping ?? null,
  };
}

/** True for a phase before that of the open attempt: what trains now began with its checkpoint, which was looked at then. */
function isBehind(config: RunConfig, past: Past, phase: string, open: OpenJob | null): boolean {
  const index = (name: string) => config.phases.findIndex((one) => one.name === name);
  const steps = config.phases[index(phase)]?.steps ?? Infinity;
  return open !== null && index(phase) < index(open.phase) && isDone(past, phase, steps);
}
