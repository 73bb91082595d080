import { hostname } from 'node:os';
import { ApplicationFailure } from '@temporalio/common';
import { CorpusError } from '../../corpus/error.js';

/** What Temporal is told of a failed task: input and options stay as they are, a full disk may be another worker's tomorrow. */
export function asFailure(error: unknown, scratch: string): unknown {
  if (error instanceof CorpusError) return ApplicationFailure.nonRetryable(error.message, error.name);
  const isFull = error instanceof Error && /\bENOSPC\b/.test(error.message);
  if (!isFull) return error;
  return ApplicationFailure.create({
    type: 'DiskFull',
    message: `the disk of ${hostname()} has no room left in ${scratch} for a piece of the preparation; free some there, the piece is tried again, by another worker where there is one`,
    // Whoever has room is to take it first.
    nextRetryDelay: '10 seconds',
  });
}
