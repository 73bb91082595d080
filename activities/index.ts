import { checkpointActivities } from './checkpoints.js';
import { dataActivities } from './data.js';
import type { Deps } from './deps.js';
import { endingActivities } from './endings.js';
import { infrastructureActivities } from './infrastructure.js';
import { jobActivities } from './jobs.js';
import { preflightActivities } from './preflight.js';
import { recordActivities } from './records.js';

/** Activities of the `bertha` task queue: short calls to Azure and Blob. */
export const createControlActivities = (deps: Deps) => ({
  ...preflightActivities(deps),
  ...infrastructureActivities(deps),
  ...jobActivities(deps),
  ...checkpointActivities(deps),
  ...endingActivities(deps),
  ...recordActivities(deps),
});

/** Activities of the `bertha-data` task queue: copy, inflate, tokenise. */
export const createDataActivities = (deps: Deps) => dataActivities(deps);

export type ControlActivities = ReturnType<typeof createControlActivities>;
export type DataActivities = ReturnType<typeof createDataActivities>;
