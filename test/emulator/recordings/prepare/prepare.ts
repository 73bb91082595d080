import type { Exchange } from '../files.js';
import type { Stage } from '../stage.js';
import { prepareAsset, prepareVersions } from './assets.js';
import { prepareCompute, prepareComputes } from './computes.js';
import { prepareDatastore, prepareDatastores } from './datastores.js';
import { isTrouble, prepareFault } from './faults.js';
import { prepareJob, prepareJobs, prepareNewJob, prepareRun } from './jobs.js';
import { prepareOperation } from './operations.js';
import { prepareWorkspace } from './workspace.js';

/** Undoes what was arranged for one exchange only. */
export type TidyUp = () => void | Promise<void>;

/** Brings the emulator to the state in which the real service was, as far as the recorded answer tells. */
export type Prepare = (
  stage: Stage,
  exchange: Exchange,
  names: string[],
  recording: readonly Exchange[],
) => Promise<TidyUp | void>;

const W = String.raw`/workspaces/[^/]+`;

/** By method and path, first match; the groups of the path are the names. */
const PREPARATIONS: readonly [method: string, path: string, Prepare][] = [
  [
    'GET',
    String.raw`/locations/[^/]+/(computeOperationsStatus|workspaceOperationsStatus|mfeOperationResults)/([^/]+)$`,
    prepareOperation,
  ],
  ['POST', String.raw`/history/v1\.0.*${W}/rundata$`, prepareRun],
  ['GET', String.raw`/history/v1\.0.*${W}/runs/([^/]+)(?:/\w+)?$`, prepareRun],
  ['GET', `${W}$`, prepareWorkspace],
  ['(GET|PUT|PATCH|DELETE)', `${W}/computes/([^/]+)$`, prepareCompute],
  ['POST', `${W}/computes/([^/]+)/(?:start|stop|restart|listNodes)$`, prepareCompute],
  ['GET', `${W}/computes$`, prepareComputes],
  ['PUT', `${W}/jobs/([^/]+)$`, prepareNewJob],
  ['(GET|DELETE)', `${W}/jobs/([^/]+)$`, prepareJob],
  ['POST', `${W}/jobs/([^/]+)/cancel$`, prepareJob],
  ['GET', `${W}/jobs$`, prepareJobs],
  ['(GET|PUT|DELETE)', `${W}/datastores/([^/]+)$`, prepareDatastore],
  ['POST', `${W}/datastores/([^/]+)/listSecrets$`, prepareDatastore],
  ['GET', `${W}/datastores$`, prepareDatastores],
  ['(GET|PUT)', `${W}/(codes|environments|data|models)/([^/]+)/versions/([^/]+)$`, prepareAsset],
  ['GET', `${W}/(codes|environments|data|models)/([^/]+)/versions$`, prepareVersions],
];

/** Makes whatever the exchange needs. @returns what is to be undone after it */
export async function prepare(stage: Stage, exchange: Exchange, recording: readonly Exchange[]): Promise<TidyUp> {
  if (isTrouble(exchange)) return prepareFault(stage, exchange);
  for (const [method, path, arrange] of PREPARATIONS) {
    const found = new RegExp(path, 'i').exec(exchange.url.pathname);
    if (found === null || !new RegExp(`^${method}$`).test(exchange.method)) continue;
    return (await arrange(stage, exchange, found.slice(1), recording)) ?? nothing;
  }
  return nothing;
}

const nothing: TidyUp = () => undefined;
