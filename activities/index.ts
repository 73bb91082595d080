import { checkpointActivities } from './checkpoints.js';
import { convertActivities } from './convert.js';
import { copyActivities } from './copy.js';
import type { Deps } from './deps.js';
import { endActivities } from './end-job.js';
import { endingActivities } from './endings.js';
import { evidenceActivities } from './evidence.js';
import { infrastructureActivities } from './infrastructure.js';
import { jobActivities } from './jobs.js';
import { ownRunActivities } from './own-run.js';
import { preparationActivities } from './preparation/prepare.js';
import { verificationActivities } from './preparation/verify.js';
import { preflightActivities } from './preflight.js';
import { recordActivities } from './records.js';
import { verifierActivities } from './verifier.js';
import { webhookActivities } from './webhook/deliver.js';
import { watchActivities } from './watch.js';

/** Activities of the `bertha` task queue: short calls to Azure and Blob. */
export const createControlActivities = (deps: Deps) => ({
  ...preflightActivities(deps),
  ...infrastructureActivities(deps),
  ...jobActivities(deps),
  ...watchActivities(deps),
  ...endActivities(deps),
  ...checkpointActivities(deps),
  ...evidenceActivities(deps),
  ...endingActivities(deps),
  ...recordActivities(deps),
  ...ownRunActivities(),
  ...webhookActivities(deps),
});

/** Activities of the `bertha-data` task queue: copy, inflate, tokenise, convert, hash. */
export const createDataActivities = (deps: Deps) => ({
  ...convertActivities(deps),
  ...preparationActivities(deps),
  ...verificationActivities(deps),
  ...copyActivities(deps),
  ...verifierActivities(deps),
});

export type ControlActivities = ReturnType<typeof createControlActivities>;
export type DataActivities = ReturnType<typeof createDataActivities>;
