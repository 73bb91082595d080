import type { AttemptRecord } from '../attempts.js';
import type { CommandKind } from '../commands.js';
import type { BucketReport } from '../report-goodput.js';
import type { RunEvent } from '../events.js';
import { bucketReports, pricesOf } from './account.js';
import { type Sums, added, money, secondsOf, sumsOf, total } from './sums.js';
import { timeline } from './timeline.js';

/**
 * The ledger of a run under way, small enough for workflow state: sums up to the end of the last settled attempt, and of the events since then
 * those that tell what the time is. What is useful is counted by what was kept when each attempt was settled; a later fallback below that is
 * told by the report alone.
 */
export interface RunningLedger {
  /** From when on it counts, and up to when `sums` go; epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly sums: Sums;
  readonly events: readonly RunEvent[];
}

/** More than a phase has between two attempts; beyond it the oldest go, and their time is `unexplained`. */
const EVENTS_KEPT = 60;

const TOLD: ReadonlySet<RunEvent['kind']> = new Set([
  ...(['run-started', 'stage-started', 'job-submitted', 'attempt-ended', 'limit-passed'] as const),
  ...(['waiting', 'held', 'run-ended', 'operator', 'watch-alert'] as const),
]);

export const newLedger = (at: number): RunningLedger => ({ since: at, until: at, sums: {}, events: [] });

/** Remembers an event, where it tells what the time is. */
export function noted(ledger: RunningLedger, event: RunEvent): RunningLedger {
  if (!TOLD.has(event.kind)) return ledger;
  return { ...ledger, events: [...ledger.events, event].slice(-EVENTS_KEPT) };
}

/** Closes the books behind an attempt that was settled. @param pricePerNodeHour of the run; null where none is known */
export function closed(ledger: RunningLedger, record: AttemptRecord, pricePerNodeHour: number | null): RunningLedger {
  const until = Math.max(ledger.until, record.endedAt, record.seenEndAt ?? record.endedAt);
  const segments = timeline({ from: ledger.until, until, events: ledger.events, attempts: [record], heads: {} });
  const sums = added(ledger.sums, sumsOf(segments, pricesOf([record], pricePerNodeHour)));
  return { ...ledger, until, sums, events: carriedOver(ledger.events, until) };
}

/**
 * The ledger of a run whose workflow is lost, from its journal. @param until begin of the attempt that is open, else now; epoch milliseconds
 * @returns null where the journal holds nothing
 */
export function ledgerOfPast(
  events: readonly RunEvent[],
  attempts: readonly AttemptRecord[],
  until: number,
): RunningLedger | null {
  const times = [...events.map(({ at }) => at), ...attempts.map(({ submittedAt }) => submittedAt)];
  const since = times.reduce((first, at) => Math.min(first, at), Infinity);
  if (since > until) return null;
  const told = events.filter(({ kind }) => TOLD.has(kind));
  const segments = timeline({ from: since, until, events: told, attempts, heads: {} });
  const sums = sumsOf(segments, pricesOf(attempts, null));
  return { since, until, sums, events: carriedOver(told, until).slice(-EVENTS_KEPT) };
}

/** The past, and what a workflow that takes the run up has noted meanwhile. */
export const takenUp = (past: RunningLedger, own: RunningLedger): RunningLedger => ({
  ...past,
  events: [...past.events, ...own.events].slice(-EVENTS_KEPT),
});

/** What the `ledger` query answers. */
export interface LedgerView {
  /** From when to when the buckets count, UTC; the attempt that is open is not among them. */
  readonly since: string;
  readonly until: string;
  readonly seconds: number;
  readonly nodeSeconds: number;
  /** Null where no price is known. */
  readonly price: number | null;
  readonly currency: string;
  readonly buckets: readonly BucketReport[];
  /** The attempt whose time is still to be told; null between attempts. */
  readonly open: OpenTime | null;
}

export interface OpenTime {
  readonly job: string;
  /** UTC. */
  readonly submittedAt: string;
}

/**
 * The sums so far. @param open the attempt that is not settled, whose time is left out
 * @param now epoch milliseconds
 */
export function ledgerView(
  ledger: RunningLedger,
  open: { readonly jobName: string; readonly submittedAt: number } | null,
  { now, currency }: { readonly now: number; readonly currency: string },
): LedgerView {
  const until = Math.max(ledger.until, open?.submittedAt ?? now);
  const since = timeline({ from: ledger.until, until, events: ledger.events, attempts: [], heads: {} });
  const sums = added(
    ledger.sums,
    sumsOf(since, () => null),
  );
  const { ms, nodeMs, price } = total(sums);
  return {
    since: new Date(ledger.since).toISOString(),
    until: new Date(until).toISOString(),
    ...{ seconds: secondsOf(ms), nodeSeconds: secondsOf(nodeMs), price: money(price), currency },
    buckets: bucketReports(sums, ms),
    open: open === null ? null : { job: open.jobName, submittedAt: new Date(open.submittedAt).toISOString() },
  };
}

/** Of the events up to a moment those that still hold, a stage and a pause, as if they began there; and all events behind it. */
function carriedOver(events: readonly RunEvent[], moment: number): readonly RunEvent[] {
  const before = events.filter(({ at }) => at <= moment);
  const stage = before.findLast(({ kind }) => kind === 'stage-started');
  const steered = before.findLast((event) => event.kind === 'operator' && STEERING.has(event.command));
  const isPaused = steered?.kind === 'operator' && steered.command === 'pause';
  const holding = [stage, isPaused ? steered : undefined].flatMap((event) => event ?? []);
  return [...holding.map((event) => ({ ...event, at: moment })), ...events.filter(({ at }) => at > moment)];
}

const STEERING: ReadonlySet<CommandKind> = new Set(['pause', 'resume', 'recover-now', 'cancel']);
