import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/** Makes Temporal call the activity again after so long. */
export function again(type: string, milliseconds: number): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: Math.max(1, Math.ceil(milliseconds)),
  });
}

/** How long after this failure the activity is to be called again, by its own wish; null where it has none. */
export function ownDelay(error: unknown): number | null {
  const wish = error instanceof ApplicationFailure ? error.nextRetryDelay : null;
  return typeof wish === 'number' ? wish : null;
}
