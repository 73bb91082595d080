import { CancelledFailure, condition } from '@temporalio/workflow';
import { continueRunAsNew } from './continue.js';
import type { Operator } from '../domain/commands.js';
import type { Run } from './state.js';

/**
 * Nothing is submitted while the run is paused, or while it waits for a person since before it continued as new. A job that is open all the
 * same, because the run was taken up or continued as new in the moment of the pause, is not left to train: it is ended first.
 */
export async function whilePaused(run: Run): Promise<void> {
  if (run.state.held !== null) await untilReleased(run);
  if (run.state.open !== null) return;
  await unlessCanceled(run, () => run.state.operator.paused === null);
}

/**
 * Waits for a person: a `resume` or `recover-now` goes on. What is asked for stands in the status, the plan and the journal.
 * @param until the hold ends by itself then, epoch milliseconds; null: never
 */
export async function holdForPerson(run: Run, why: string, until: number | null = null): Promise<void> {
  run.state.held = why;
  run.state.heldUntil = until;
  run.state.operator = { ...run.state.operator, released: false };
  run.showDetails();
  await run.flush();
  await untilReleased(run);
}

async function untilReleased(run: Run): Promise<void> {
  await unlessCanceled(run, () => run.state.operator.released, run.state.heldUntil ?? Infinity);
  run.state.held = null;
  run.state.heldUntil = null;
  run.state.operator = { ...run.state.operator, released: false };
}

/** A pause before the next attempt; a wake-up or a command cuts it short. */
export async function pauseFor(run: Run, seconds: number): Promise<void> {
  if (seconds <= 0) return;
  const before = run.commands;
  await condition(() => run.commands !== before, seconds * 1000);
  throwIfCanceled(run);
}

const HALF_A_DAY_MS = 43_200_000;

/** The `cancel` update ends a run as Temporal's own cancel does. */
export function throwIfCanceled(run: Run): void {
  const { canceled } = run.state.operator;
  if (canceled !== null) throw new CancelledFailure(cancelWords(canceled));
}

export const cancelWords = ({ by, reason }: NonNullable<Operator['canceled']>) =>
  `canceled by ${by ?? 'somebody'}: ${reason ?? 'no reason given'}`;

/** @param until epoch milliseconds */
async function unlessCanceled(run: Run, over: () => boolean, until = Infinity): Promise<void> {
  const isCanceled = () => run.state.operator.canceled !== null;
  // A wait of weeks still lets a new worker version take over now and then, and keeps no execution open for ever.
  while (!over() && !isCanceled() && Date.now() < until) {
    const moved = await condition(() => over() || isCanceled(), Math.min(HALF_A_DAY_MS, until - Date.now()));
    if (!moved && Date.now() < until) await continueRunAsNew(run);
  }
  throwIfCanceled(run);
}
