import type { AttemptRecord, PhaseState } from './attempts.js';
import type { RunConfig } from './config.js';
import { goesBehindSpike } from './fallback.js';
import type { PhaseFailure } from './recovery.js';

export interface Refusal {
  readonly outcome: PhaseFailure;
  readonly reason: string;
}

type Limits = RunConfig['recovery'];

/** The budget that this ending was charged to, if it is spent. */
export function budgetSpent(
  limits: Limits,
  before: PhaseState,
  after: PhaseState,
  attempt: AttemptRecord,
): Refusal | null {
  const budgets = [
    {
      outcome: 'user-errors',
      spent: after.userErrors,
      was: before.userErrors,
      limit: limits.userErrors,
      field: 'userErrors',
      words: 'by errors',
    },
    {
      outcome: 'unknown-endings',
      spent: after.unknownEndings,
      was: 0,
      limit: limits.unknownEndings,
      field: 'unknownEndings',
      words: 'in ways that nothing explains',
    },
    {
      outcome: 'infrastructure-errors',
      spent: after.infrastructureErrors,
      was: 0,
      limit: limits.infrastructureErrors,
      field: 'infrastructureErrors',
      words: 'by faults of the infrastructure',
    },
  ] as const;
  const over = budgets.find(({ spent, was, limit }) => spent > limit && spent > was);
  if (over !== undefined) {
    const { outcome, spent, field, words, limit } = over;
    const reason = `${spent} attempts ended ${words}, more than recovery.${field} (${limit}) allows; the last: ${attempt.because}`;
    return { outcome, reason };
  }
  const spikesSpent = goesBehindSpike(before, attempt.ending) && before.spikes >= limits.spikes;
  if (!spikesSpent) return null;
  const reason = `the phase went back behind a spike ${before.spikes} times, recovery.spikes (${limits.spikes}) allows no more; the last: ${attempt.because}`;
  return { outcome: 'spikes', reason };
}

/** Restarts that look alive and save nothing are an outcome of their own. */
export function withoutProgress(limits: Limits, after: PhaseState, attempt: AttemptRecord): Refusal | null {
  if (after.withoutProgress < limits.attemptsWithoutProgress) return null;
  const reason = `NO_PROGRESS: ${after.withoutProgress} attempts in a row ended without a new checkpoint (recovery.attemptsWithoutProgress); the last: ${attempt.because}`;
  return { outcome: 'no-progress', reason };
}
