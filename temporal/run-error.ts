import type { RunState } from './run-view.js';

/** A run that cannot be found, started or steered; the message says what to do. */
export class RunError extends Error {}

/** Nobody is there to take a command. */
export class NoWorkerError extends RunError {}

/** A run's name is used once. */
export function nameIsTaken(run: string, state: RunState): RunError {
  return new RunError(
    state === 'running'
      ? `a run named "${run}" is running; look at it with: npx bertha show ${run}, or choose another name`
      : `a run named "${run}" exists already (${state}); choose another name, or go on with it: npx bertha start --continue`,
  );
}
