import type { AttemptRecord, PhaseState } from './attempts.js';
import type { CheckpointRef } from './checkpoints.js';
import { type Operator, newOperator, obey } from './commands.js';
import type { RunConfig } from './config.js';
import type { EndedByUs } from './endings/evidence.js';
import { phaseFromRecords, renewed } from './from-records.js';
import type { RunEvent } from './events.js';
import type { JournalEntry } from './journal.js';
import type { ToldShare } from './money/alerts.js';
import { attemptNumber } from './names.js';

/** An attempt whose submission stands in the journal. */
export interface SubmittedAttempt {
  readonly phase: string;
  readonly attempt: number;
  readonly jobName: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly resumeStep: number | null;
  /** Cluster that it went to; absent: the config's own. */
  readonly cluster?: string;
  /** Why it was to end: whoever settles it must not take our own cancel for somebody else's. Null where nothing asked for it. */
  readonly stopping: EndedByUs | null;
}

/** What the journal of a run tells the workflow that takes it up, whether the one before it has ended or was lost with its Temporal. */
export interface Past {
  readonly phases: Readonly<Record<string, PhaseState>>;
  readonly operator: Operator;
  /** Begin of the run's first workflow, epoch milliseconds; null where the journal names none. */
  readonly startedAt: number | null;
  readonly records: readonly AttemptRecord[];
  /** What share of its budget a person was told of last; null for none. */
  readonly budgetTold: ToldShare | null;
  readonly submitted: readonly SubmittedAttempt[];
}

/** @param chains workflow chains that worked on the run before, oldest first */
export function pastFrom(config: RunConfig, entries: readonly JournalEntry[], chains: readonly string[]): Past {
  const ended = new Set(entries.flatMap((entry) => (isRunEnd(entry) ? [entry.chain] : [])));
  const attempts = entries.flatMap((entry) => (entry.type === 'attempt' ? [entry] : []));
  const phases = config.phases.map(({ name }) => phaseFrom(config, name, attempts, { chains, ended }));
  const times = entries.flatMap((entry) => (entry.type === 'event' ? [entry.event.at] : []));
  return {
    phases: Object.fromEntries(phases.map((phase) => [phase.name, phase])),
    operator: operatorOf(config, entries, ended.has(chains.at(-1) ?? '')),
    startedAt: times.reduce<number | null>((first, at) => Math.min(first ?? at, at), null),
    records: attempts.map(({ record }) => record),
    budgetTold: lastTold(entries),
    submitted: submissions(entries),
  };
}

type AttemptEntry = Extract<JournalEntry, { type: 'attempt' }>;

interface Chains {
  readonly chains: readonly string[];
  /** Those that came to the run's end. */
  readonly ended: ReadonlySet<string>;
}

function phaseFrom(config: RunConfig, name: string, attempts: readonly AttemptEntry[], all: Chains): PhaseState {
  const own = attempts
    .filter(({ record }) => record.phase === name)
    .sort((a, b) => a.record.attempt - b.record.attempt);
  const isRenewed = (record: AttemptRecord) => {
    const index = own.findIndex((one) => one.record === record);
    return wasTakenUpAfterEnd(own[index - 1]?.chain, own[index]?.chain, all);
  };
  const records = own.map(({ record }) => record);
  const state = phaseFromRecords(config, name, records, isRenewed);
  return wasTakenUpAfterEnd(own.at(-1)?.chain, undefined, all) ? renewed(state) : state;
}

/** Whether a chain from `from` on, and before `to` (undefined: the one that takes the run up now), had come to the run's end. */
function wasTakenUpAfterEnd(from: string | undefined, to: string | undefined, { chains, ended }: Chains): boolean {
  if (from === undefined || !chains.includes(from)) return false;
  const until = to === undefined ? chains.length : chains.indexOf(to);
  return chains.slice(chains.indexOf(from), until).some((chain) => ended.has(chain));
}

/** The checkpoint at a path as a record names it, else as its path does; null for a path that is none. */
export function checkpointAt(path: string, phase: string, records: readonly AttemptRecord[]): CheckpointRef | null {
  const named = records.flatMap(({ head, resumedFrom }) => [head ?? null, resumedFrom]);
  const known = named.find((one) => one?.path === path);
  if (known !== undefined && known !== null) return known;
  const [, attempt, incarnation, step] = CHECKPOINT_PATH.exec(path) ?? [];
  if (attempt === undefined || incarnation === undefined) return null;
  // Of a checkpoint that the run resumed from, and that no record names, only place and step are ever used.
  return { phase, attempt, incarnation, step: Number(step), path, sampleHash: '', at: '' };
}

const CHECKPOINT_PATH = /\/attempts\/(a\d+)\/([^/]+)\/checkpoints\/step-(\d{9})\/?$/;

const isRunEnd = (entry: JournalEntry) => entry.type === 'event' && entry.event.kind === 'run-ended';

/**
 * What operators asked for holds on, for a run that was lost; of one that had ended, only the samples to pass over: taking it up again is a
 * person's newer word.
 */
function operatorOf(config: RunConfig, entries: readonly JournalEntry[], hadEnded: boolean): Operator {
  const facts = {
    ended: false,
    jobName: null,
    held: false,
    phases: config.phases.map(({ name }) => name),
    phasesDone: [],
  };
  const before = entries.reduce<Operator>((operator, entry) => {
    const asked = entry.type === 'event' && entry.event.kind === 'operator' ? entry.event.asked : undefined;
    return asked === undefined || entry.type !== 'event'
      ? operator
      : obey(asked, operator, facts, entry.event.at).operator;
  }, newOperator());
  const { carriedOut, skipWindows, paused, interval, deadline, budget = null } = before;
  const kept = { ...newOperator(), carriedOut, skipWindows };
  return hadEnded ? kept : { ...kept, paused, interval, budget, ...(deadline === undefined ? {} : { deadline }) };
}

function lastTold(entries: readonly JournalEntry[]): ToldShare | null {
  const told = entries.findLast((entry) => entry.type === 'event' && entry.event.kind === 'budget-alert');
  if (told?.type !== 'event' || told.event.kind !== 'budget-alert') return null;
  const { budget, share } = told.event;
  return { budget, share };
}

/** In the order of the journal. What asks for an end is about the youngest attempt, until its record closes it. */
function submissions(entries: readonly JournalEntry[]): SubmittedAttempt[] {
  const found = new Map<string, SubmittedAttempt>();
  let open: string | null = null;
  for (const entry of entries) {
    if (entry.type === 'attempt') open = entry.record.jobName === open ? null : open;
    else if (entry.event.kind === 'job-submitted') {
      open = entry.event.jobName;
      if (!found.has(open)) found.set(open, submission(entry.event));
    } else {
      const one = found.get(open ?? '');
      const stopping = stoppingBy(entry.event, open);
      if (one !== undefined && one.stopping === null && stopping !== null) found.set(one.jobName, { ...one, stopping });
    }
  }
  return [...found.values()];
}

function submission({
  phase,
  jobName,
  resumeStep,
  at,
  cluster,
}: Extract<RunEvent, { kind: 'job-submitted' }>): SubmittedAttempt {
  const attempt = attemptNumber(jobName.split('-').at(-1) ?? '');
  return { phase, attempt, jobName, at, resumeStep, stopping: null, ...(cluster === undefined ? {} : { cluster }) };
}

/** Both stand in the journal before anything is done for them. */
function stoppingBy(event: RunEvent, open: string | null): EndedByUs | null {
  if (event.kind === 'limit-passed' && event.jobName === open)
    return { for: 'limit', limit: event.limit, seconds: event.seconds };
  const ends =
    event.kind === 'operator' &&
    (event.command === 'pause' || event.command === 'recover-now' || event.command === 'cancel');
  return ends ? { for: 'operator', command: event.command } : null;
}
