import { ApplicationFailure } from '@temporalio/common';
import { CorpusError } from '../../corpus/error.js';

/** What is wrong with a file or a vocabulary is wrong with it on every worker: asking again is answered the same. */
export async function asFailure<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CorpusError) throw ApplicationFailure.nonRetryable(error.message, error.name);
    throw error;
  }
}
