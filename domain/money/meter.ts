import type { JobSight } from '../watch/sighting.js';
import { type StatusClass, classOf } from '../watch/status.js';

/** How long a job has held its nodes, as far as is known. */
export interface Meter {
  readonly seconds: number;
  /** Up to when, epoch milliseconds. */
  readonly at: number;
  /** Whether it held them then. */
  readonly runs: boolean;
}

/** States in which nodes are paid for. A job that is stopping may have none any more: what is not known is counted. */
const HOLDING: ReadonlySet<StatusClass> = new Set(['preparing', 'running', 'finalizing', 'notResponding', 'stopping']);

/**
 * The meter after a look. Unlike the clocks of limits it counts also the time in which nobody looked or Azure gave no answer: money is spent
 * all the same.
 */
export function meterAfter(before: Meter | undefined, job: JobSight, at: number): Meter {
  const runs = job.answered ? HOLDING.has(classOf(job.status)) : (before?.runs ?? false);
  const isPaid = before !== undefined && (before.runs || runs);
  const seconds = (before?.seconds ?? 0) + (isPaid ? Math.max(0, at - before.at) / 1000 : 0);
  return { seconds, at, runs };
}
