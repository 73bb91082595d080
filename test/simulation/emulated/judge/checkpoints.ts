import type { AttemptRecord } from '../../../../domain/attempts.js';
import { attemptName } from '../../../../domain/names.js';
import type { Happened } from '../drive.js';
import type { Seen } from '../inventory.js';
import { jobsOf } from './jobs.js';
import type { Judging } from './judge.js';

/** An attempt as the journal has it, and when its ending was decided on. */
export interface Settled {
  readonly record: AttemptRecord;
  readonly at: number;
}

/** Attempts in order, with the moment of the event that tells of their end. */
export function settledOf({ journal }: Happened): Settled[] {
  const times = new Map<string, number>();
  for (const entry of journal)
    if (entry.type === 'event' && entry.event.kind === 'attempt-ended') times.set(entry.event.jobName, entry.event.at);
  return journal
    .flatMap((entry) => (entry.type === 'attempt' ? [entry.record] : []))
    .map((record) => ({ record, at: times.get(record.jobName) ?? record.endedAt }))
    .sort((a, b) => a.record.attempt - b.record.attempt);
}

/** Only ever one writer; two good ones are kept; what is continued is the newest that was sound when it was chosen. */
export function judgeCheckpoints(judging: Judging): void {
  const { happened, check } = judging;
  const { inventory } = happened;
  for (let index = 0; index < inventory.seen.size; index++) check('never two writers', true, () => '');
  for (let index = 0; index < inventory.removals; index++)
    check('the last two good checkpoints are kept', true, () => '');
  for (const { invariant, what, at } of inventory.broken) check(invariant, false, () => what, at);
  judgeChoices(judging);
}

const GOES_BACK: readonly string[] = ['loss-spike', 'nan'];

function judgeChoices({ happened, check }: Judging): void {
  const all = [...happened.inventory.seen.values()];
  const undone = new Set<string>();
  const settled = settledOf(happened);
  for (const [index, { record, at }] of settled.entries()) {
    const step = record.head?.step ?? 0;
    const goesBack = GOES_BACK.includes(record.ending);
    const mayBeTaken = all.filter((one) => !undone.has(one.path) && isSound(one, record, at));
    const newest = Math.max(0, ...mayBeTaken.map((one) => one.step));
    const why = () => `after ${record.jobName} (${record.ending}) step ${step} is taken, step ${newest} is valid`;
    check('no step lost past the last valid checkpoint', goesBack || step >= newest, why, at);
    if (goesBack) for (const one of all) if (one.step > step && one.seenAt <= at) undone.add(one.path);
    const taken = all.find(({ path }) => path === record.head?.path);
    const mayNot = (one: Seen) =>
      undone.has(one.path) || (one.ghostAt ?? 0) > closedAt(settled, one) || wasDamaged(one, record.endedAt);
    const isLate = taken !== undefined && mayNot(taken);
    check(
      'nothing damaged, undone or written late is continued',
      !isLate,
      () => `after ${record.jobName} ${taken?.path} is taken`,
      at,
    );
    const next = settled[index + 1];
    const looked = next === undefined ? null : takenUpBetween(happened, at, next.record.submittedAt);
    const found = (one: Seen) => !undone.has(one.path) && looked !== null && isSound(one, record, looked);
    const decided = looked === null ? (record.head?.path ?? null) : (newestOf(all.filter(found))?.path ?? null);
    judgeHandedOver({ happened, check }, next, decided);
  }
}

/** When somebody took the run up between two attempts, and so looked again for what to go on from; null where nobody did. */
function takenUpBetween({ journal }: Happened, from: number, until: number): number | null {
  const times = journal.flatMap((entry) =>
    entry.type === 'event' && entry.event.kind === 'run-started' && entry.event.continued ? [entry.event.at] : [],
  );
  return times.findLast((at) => at > from && at < until) ?? null;
}

const newestOf = (all: readonly Seen[]): Seen | undefined => all.toSorted((a, b) => b.step - a.step)[0];

/** Written by a job that had ended when this was decided, and not damaged by then. */
function isSound({ attempt, damagedAt, ghostAt }: Seen, record: AttemptRecord, at: number): boolean {
  return attempt <= attemptName(record.attempt) && ghostAt === null && (damagedAt === null || damagedAt > at);
}

/** So that whoever compares sizes and ETags finds it. */
const wasDamaged = ({ damagedAt, rotten }: Seen, before: number): boolean =>
  damagedAt !== null && !rotten && damagedAt < before;

const closedAt = (settled: readonly Settled[], { attempt }: Seen): number =>
  settled.find(({ record }) => attemptName(record.attempt) === attempt)?.at ?? Infinity;

/** What was decided is what the next job is given. */
function judgeHandedOver({ happened, check }: Judging, next: Settled | undefined, decided: string | null): void {
  const job = jobsOf(happened).find(({ name }) => name === next?.record.jobName);
  if (next === undefined || job === undefined) return;
  const given = job.request.inputs['resume']?.uri ?? '';
  const path = decided ?? '';
  const isGiven = path === '' ? given === '' : given.endsWith(path);
  const words = () => `${job.name} is given ${given || 'nothing'}, ${path || 'nothing'} was decided on`;
  check('no step lost past the last valid checkpoint', isGiven, words, next.record.submittedAt);
}
