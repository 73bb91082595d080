import type { JobEvidence } from '../../../domain/endings/evidence.js';
import type { LimitName } from '../../../domain/watch/limits.js';

/** The trainer's last word. */
export const words = (reason: string, exitCode: number, more: object = {}) => ({
  lastWords: { reason, message: `it was ${reason}`, exitCode, ...more },
});
/** What run history says of a process that ended so. */
export const exited = (code: number | string) => ({
  errorCode: 'UserError',
  errorMessage: `Process '0' exited with code ${code}`,
});
export const says = (errorMessage: string) => ({ errorCode: 'UserError', errorMessage });
export const preempted = { errorCode: 'PreemptionError', errorMessage: 'The job was preempted.' };
export const requeueWarning = 'Low priority compute preemption warning: a node has been preempted';
export const neverStarted = { trainerStarted: false };
export const canceled = { status: 'Canceled' } as const;
export const byUs = (endedByUs: JobEvidence['endedByUs']) => ({ status: 'Canceled', endedByUs }) as const;
/** Ended because the watch found it beyond this limit. */
export const limit = (name: LimitName) => byUs({ for: 'limit', limit: name, seconds: 301.4 });
export const DAY = 86_400;
