import type { RunError } from '../entities/job.js';

/** How a start of a job is to end once its nodes have come to rest. */
export type Ending =
  | { status: 'Completed' }
  | { status: 'Failed'; error: RunError }
  | { status: 'Canceled'; reason: string }
  /** In place: the same job waits for nodes again. */
  | { status: 'Queued'; warning: string };

/** The text that jobs with a preempted node ended with, as people reported it; the service's recordings hold none. */
export const PREEMPTION: RunError = {
  code: 'UserError',
  message:
    'AzureMLCompute job failed. PreemptionError: Nodes of this job got pre-empted. Check if the run has failed or restarted. Reason: Received pre-emption warning signal',
  innerCodes: ['PreemptionError'],
};

/** The warning beside a job that restarts in place. */
export const PREEMPTION_WARNING = 'Low priority compute preemption warning: a node has been preempted';

/** A process of the user's command ended with another status than 0. */
export function processFailed(code: number | null, signal: string | null, log: string, tail: string): RunError {
  const status = code === null ? `signal ${signal ?? 'unknown'}` : `status code ${code}`;
  return {
    code: 'UserError',
    message: `Execution failed. User process 'bash' exited with ${status}. Please check log file '${log}' for error details. Error: ${tail}`,
    innerCodes: ['UserProcessFailed'],
  };
}

/** Code, inputs or outputs of the job are not as it says. */
export function unfit(message: string): RunError {
  return { code: 'UserError', message, innerCodes: ['BadArgument'] };
}

/** The service's own fault. */
export function serviceError(message: string): RunError {
  return { code: 'ServiceError', message, innerCodes: [] };
}
