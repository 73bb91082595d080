import assert from 'node:assert/strict';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { RunHandle } from './suite.js';

/** The failure that a run ends with. @throws where it ends otherwise */
export async function failureOf(run: RunHandle): Promise<ApplicationFailure> {
  const cause = await causeOf(run);
  assert.ok(cause instanceof ApplicationFailure, `the run ended with ${String(cause)}`);
  return cause;
}

/** Waits until a run has ended, and makes sure that it ended canceled. */
export async function endsCanceled(run: RunHandle): Promise<void> {
  const cause = await causeOf(run);
  assert.ok(cause instanceof CancelledFailure, `the run ended with ${String(cause)}`);
  assert.equal((await run.describe()).status.name, 'CANCELLED');
}

async function causeOf(run: RunHandle): Promise<unknown> {
  try {
    await run.result();
  } catch (error) {
    assert.ok(error instanceof WorkflowFailedError, `the run ended with ${String(error)}`);
    return error.cause;
  }
  return assert.fail('the run completed');
}
