import type { CheckpointRef } from './checkpoints.js';
import type { RunConfig } from './config.js';
import { type Past, type SubmittedAttempt, checkpointAt } from './past.js';

/** An attempt that a workflow submitted which is gone, and whose end nobody has settled. */
export interface UnsettledAttempt {
  readonly phase: string;
  readonly attempt: number;
  /** What the journal tells of it; null where the workflow was lost before it wrote a word. */
  readonly submitted: SubmittedAttempt | null;
}

/**
 * The newest attempt of the first phase that is not done, where no record tells its end. Alive or not, and also where Azure does not know its
 * job at the moment: a 404 alone ends nothing, and another job beside it might meet it on the nodes.
 * @param attempts submitted so far, by phase
 */
export function unsettledAttempt(
  config: RunConfig,
  past: Past,
  attempts: Readonly<Record<string, number>>,
): UnsettledAttempt | null {
  const phase = config.phases.find(({ name, steps }) => !isDone(past, name, steps))?.name;
  const attempt = phase === undefined ? 0 : (attempts[phase] ?? 0);
  if (phase === undefined || attempt === 0) return null;
  const isThis = (one: { readonly phase: string; readonly attempt: number }) =>
    one.phase === phase && one.attempt === attempt;
  if (past.records.some(isThis)) return null;
  return { phase, attempt, submitted: past.submitted.find(isThis) ?? null };
}

/** @param path what its job resumes from, null where from nothing; undefined where Azure does not tell: then the journal does, as far as it can */
export function resumedFromOf(
  past: Past,
  { phase, submitted }: UnsettledAttempt,
  path: string | null | undefined,
): CheckpointRef | null {
  if (path === null) return null;
  if (path !== undefined) return checkpointAt(path, phase, past.records);
  const head = past.phases[phase]?.head ?? null;
  return head !== null && head.step === submitted?.resumeStep ? head : null;
}

/** Whether a phase has come to its last step. */
export function isDone({ phases }: Past, phase: string, steps: number): boolean {
  const state = phases[phase];
  return state?.done === true && state.head?.step === steps;
}

/**
 * When a job was submitted. The journal tells when its submission was answered, which may be minutes later where an answer was lost; Azure when
 * it was made.
 * @param told epoch milliseconds, as far as they are known @param now where none is
 */
export function begunAt(told: readonly (number | null | undefined)[], now: number): number {
  const known = told.filter((at) => at !== null && at !== undefined);
  return known.length === 0 ? now : Math.min(...known);
}
