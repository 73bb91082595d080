import { sawNothing } from './look.js';
import { reasonOf } from './reason.js';
import type { Run } from './state.js';

/**
 * For work that only describes what has happened: where it fails for good a person hears of it, and the run goes on with less to tell.
 * @param what what is missing then, in words
 */
export async function orElse<T>(run: Run, phase: string, what: string, work: Promise<T>, instead: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!sawNothing(error)) throw error;
    run.note({ kind: 'alert', phase, text: `${what} is missing: ${reasonOf(error)}` });
    return instead;
  }
}
