import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { reasonOf } from './reason.js';
import type { Run } from './state.js';

const TAKEN_OVER = 'RunTakenOver';

/** True for the failure of an activity that found a newer workflow in run.json (`activities/run-record.ts`). */
export function isTakenOver(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.type === TAKEN_OVER;
}

/** Ends this workflow, and nothing else: jobs, journal and report are the newer one's. */
export function endTakenOver(run: Run, error: unknown): never {
  const because = reasonOf(error);
  Object.assign(run.state, { outcome: 'failed', because });
  run.note({ kind: 'run-ended', outcome: 'failed', because });
  run.show();
  throw ApplicationFailure.create({ message: because, type: TAKEN_OVER, nonRetryable: true });
}
