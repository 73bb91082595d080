import type { AttemptRecord } from './attempts.js';

export interface AttemptSeconds {
  readonly useful: number;
  readonly lost: number;
  readonly total: number;
}

/** Splits an attempt's time into training that is kept, training that was undone, and all of it. Seconds. */
export function attemptSeconds(attempt: AttemptRecord): AttemptSeconds {
  const from = attempt.trainingFrom;
  const until = attempt.trainedUntil;
  const total = secondsBetween(attempt.submittedAt, attempt.endedAt);
  if (from === null || until === null) return { useful: 0, lost: 0, total };
  const kept = attempt.keptUntil === null ? from : Math.min(Math.max(attempt.keptUntil, from), until);
  // The steps are timed by a node's clock, the attempt by Azure's and ours: the parts may not outgrow the whole.
  const useful = Math.min(secondsBetween(from, kept), total);
  const lost = Math.min(secondsBetween(kept, until), toMillis(total - useful));
  return { useful, lost, total };
}

/** Node-seconds of an attempt: nodes x the time Azure held them for it. */
export function nodeSeconds(attempt: AttemptRecord): number {
  return attempt.nodesFrom === null ? 0 : attempt.nodes * secondsBetween(attempt.nodesFrom, attempt.endedAt);
}

export interface RunSeconds {
  readonly useful: number;
  readonly lost: number;
  readonly waiting: number;
  readonly wall: number;
}

/** The ledger of a run: useful + lost + waiting = wall, to the millisecond. Attempts never overlap (one job at a time). */
export function runSeconds(startedAt: number, endedAt: number, attempts: readonly AttemptRecord[]): RunSeconds {
  const wall = secondsBetween(startedAt, endedAt);
  const useful = toMillis(
    Math.min(
      wall,
      attempts.reduce((sum, a) => sum + attemptSeconds(a).useful, 0),
    ),
  );
  const lost = toMillis(
    Math.min(
      wall - useful,
      attempts.reduce((sum, a) => sum + attemptSeconds(a).lost, 0),
    ),
  );
  return { useful, lost, waiting: toMillis(wall - useful - lost), wall };
}

/** Nodes x hours x price, rounded to 1/10,000 of the currency; 0 where no price is known. */
export function cost(totalNodeSeconds: number, pricePerNodeHour: number | null): number {
  return pricePerNodeHour === null ? 0 : Math.round((totalNodeSeconds / 3600) * pricePerNodeHour * 1e4) / 1e4;
}

const secondsBetween = (from: number, until: number) => toMillis(Math.max(0, until - from) / 1000);
const toMillis = (value: number) => Math.round(value * 1000) / 1000;
