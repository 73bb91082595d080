import type { AttemptRecord, PhaseState } from './attempts.js';
import type { CheckpointRef } from './checkpoints.js';
import { type JobEnding, isPreemption } from './endings/names.js';
import { type NextStep, nextStep } from './endings/next-step.js';
import { pacesAfter } from './deadline/paces.js';
import { attemptCost } from './money/budget.js';

/** Progress is a checkpoint above every one before: climbing back to where the phase was costs time and proves nothing. */
export function isProgress(before: PhaseState, head: CheckpointRef | null): boolean {
  return (head?.step ?? 0) > before.highest;
}

/**
 * What an ending is charged to. Out of memory at the first steps is a batch that does not fit; after new checkpoints it is a leak or a
 * neighbour, which the next attempt may not meet.
 */
export function chargeOf(ending: JobEnding, progress: boolean): NextStep {
  return ending === 'out-of-memory' && progress ? 'retry-as-infrastructure' : nextStep[ending];
}

/** The phase after an attempt, all counts brought up to date. */
export function afterEnding(before: PhaseState, attempt: AttemptRecord, head: CheckpointRef | null): PhaseState {
  const { ending } = attempt;
  const progress = isProgress(before, head);
  const charge = chargeOf(ending, progress);
  const kept = (count: number) => (progress ? 0 : count);
  const plus = (step: NextStep) => (charge === step ? 1 : 0);
  return {
    ...before,
    head,
    highest: Math.max(before.highest, head?.step ?? 0),
    userErrors: before.userErrors + plus('retry-as-user-error'),
    unknownEndings: kept(before.unknownEndings) + plus('retry-as-unknown'),
    infrastructureErrors: kept(before.infrastructureErrors) + plus('retry-as-infrastructure'),
    capacityWaits: charge === 'wait-for-capacity' ? before.capacityWaits + 1 : 0,
    withoutProgress: progress ? 0 : before.withoutProgress + (saysNothing(ending) || climbed(before, head) ? 0 : 1),
    preemptedInARow: progress || !isPreemption(ending) ? 0 : before.preemptedInARow + 1,
    nanStep: nanAhead(before, attempt, head),
    spent: before.spent + attemptCost(attempt),
    paces: pacesAfter(before.paces ?? {}, attempt.cluster ?? '', attempt.pace),
  };
}

/** Endings that say nothing about whether the training can get on: nodes taken away, nothing ever ran, or a person's wish. */
const SAYS_NOTHING: ReadonlySet<JobEnding> = new Set([
  'no-capacity',
  'queued-too-long',
  'quota-exceeded',
  'sku-refused',
  'image-failed',
  'never-started',
  'stopped-on-request',
  'moved-for-deadline',
]);

const saysNothing = (ending: JobEnding) => isPreemption(ending) || SAYS_NOTHING.has(ending);

/** Back on the way up after a fall: neither progress nor a lack of it. */
const climbed = (before: PhaseState, head: CheckpointRef | null) => (head?.step ?? 0) > (before.head?.step ?? 0);

/** A NaN is remembered until a checkpoint lies behind it. */
function nanAhead(before: PhaseState, { ending, spike }: AttemptRecord, head: CheckpointRef | null): number | null {
  if (ending === 'nan') return spike?.step ?? before.nanStep ?? before.highest + 1;
  const passed = before.nanStep !== null && (head?.step ?? 0) >= before.nanStep;
  return passed ? null : before.nanStep;
}
