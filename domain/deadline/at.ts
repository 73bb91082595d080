import type { RunConfig } from '../config.js';

/** What an operator set in place of the config's deadline. */
export interface SetDeadline {
  /** Epoch milliseconds; null for none. */
  readonly at: number | null;
}

/**
 * When the run must be done, epoch milliseconds; null for whenever it is.
 * @param startedAt begin of the run, epoch milliseconds
 * @param set by an operator; null or absent: the config's holds
 */
export function deadlineAt(
  { deadline }: Pick<RunConfig, 'deadline'>,
  startedAt: number,
  set: SetDeadline | null = null,
): number | null {
  if (set !== null) return set.at;
  if (deadline === undefined) return null;
  return typeof deadline === 'string' ? Date.parse(deadline) : Math.round(startedAt + deadline.hours * 3_600_000);
}
