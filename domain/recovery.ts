import type { AttemptRecord, PhaseState } from './attempts.js';
import type { CheckpointRef } from './checkpoints.js';
import type { RunConfig } from './config.js';
import { nextStep } from './job-endings.js';

/**
 * The recovery policy: a pure function from what is known after an attempt to what happens next.
 *
 * Traces (P preempted, E user error, C completed; `3+` = a checkpoint at step 3):
 *   P 120+ -> resume from 120;  P (nothing yet) -> resume from nothing, not counted;
 *   E -> retry, E -> retry, E -> fail (userErrors 2);  C -> advance.
 */
export type Decision =
  | { readonly action: 'advance'; readonly phase: PhaseState }
  | {
      readonly action: 'resume';
      readonly phase: PhaseState;
      readonly from: CheckpointRef | null;
      readonly reason: string;
    }
  | { readonly action: 'fail'; readonly phase: PhaseState; readonly reason: string; readonly nextCommand: string };

/** @param head newest checkpoint of the phase that verifies, found after the attempt ended; null where none exists. */
export function decide(
  config: RunConfig,
  before: PhaseState,
  attempt: AttemptRecord,
  head: CheckpointRef | null,
): Decision {
  const step = nextStep[attempt.ending];
  const madeProgress = (head?.step ?? 0) > (before.head?.step ?? 0);
  const provenPreemptedBeforeFirstCheckpoint = attempt.ending === 'preempted' && !madeProgress;
  const withoutProgress = madeProgress ? 0 : before.withoutProgress + (provenPreemptedBeforeFirstCheckpoint ? 0 : 1);
  const userErrors = before.userErrors + (step === 'retry' ? 1 : 0);
  const phase: PhaseState = { ...before, head, userErrors, withoutProgress, done: step === 'advance' };

  if (step === 'advance') return { action: 'advance', phase };
  if (step === 'stop') return fail(config, phase, `job ${attempt.jobName} ended ${attempt.ending}: ${attempt.because}`);

  const errorBudgetSpent = step === 'retry' && userErrors > config.recovery.userErrors;
  if (errorBudgetSpent) {
    return fail(
      config,
      phase,
      `${userErrors} attempts ended by errors, more than recovery.userErrors (${config.recovery.userErrors}) allows; the last: ${attempt.because}`,
    );
  }
  const noProgressForTooLong = withoutProgress >= config.recovery.attemptsWithoutProgress;
  if (noProgressForTooLong) {
    return fail(
      config,
      phase,
      `${withoutProgress} attempts in a row ended without a new checkpoint (recovery.attemptsWithoutProgress); the last: ${attempt.because}`,
    );
  }
  const reason =
    head === null
      ? 'no checkpoint exists yet, so training starts again at step 0'
      : `resuming from step ${head.step}, checkpoint verified`;
  return { action: 'resume', phase, from: head, reason };
}

function fail(config: RunConfig, phase: PhaseState, reason: string): Decision {
  return { action: 'fail', phase, reason, nextCommand: `bertha logs ${config.name}` };
}
