import type { Job } from '../entities/job.js';
import { dataPlaneFault } from '../http/fault.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { contentInfo, listArtifacts, logFiles, prefixContentInfo } from './artifacts.js';
import { jobSpecification, runDefinition } from './definition.js';
import { fullMetric, lastValues, listMetrics, postMetrics, sampledMetric } from './metrics.js';
import { resolvedUris } from './outputs.js';
import { detailsBody, runBody } from './run.js';

const HISTORY = `/history/v1.0${WORKSPACE}`;
const METRICS = `/metric/v2.0${WORKSPACE}/runs/:run`;
const RUNS = [
  `${HISTORY}/runs/:run`,
  `${HISTORY}/experiments/:experiment/runs/:run`,
  `${HISTORY}/experimentids/:experiment/runs/:run`,
];

/** Run history: why a job ended, when it ran, where its logs are; and its metrics. */
export const historyRoutes: readonly Route[] = [
  ...RUNS.flatMap(runRoutes),
  post(`${HISTORY}/rundata`, 'A run with its definition', runData),
  post(`${METRICS}/batch`, 'Log metrics of a run', (call) => postMetrics(call, existing(call))),
  post(`${METRICS}/list`, 'Metrics of a run', (call) => listMetrics(call, existing(call))),
  post(`${METRICS}/full`, 'All values of a metric', (call) => fullMetric(call, existing(call))),
  post(`${METRICS}/sample`, 'Values of a metric to draw', (call) => sampledMetric(call, existing(call))),
  post(`${METRICS}/lastvalues`, 'Last values of all metrics', (call) => lastValues(call, existing(call))),
  post(`/data/v1.0${WORKSPACE}/dataversion/batchGetResolvedUris`, 'Where data assets and outputs lie', resolvedUris),
];

function runRoutes(run: string): Route[] {
  return [
    get(run, 'A run', (call) => ok(runBody(call, existing(call)))),
    get(`${run}/details`, 'Error, warnings and logs of a run', details),
    get(`${run}/children`, 'Children of a run: none', children),
    get(`${run}/artifacts`, 'Artifacts of a run', (call) => listArtifacts(call, existing(call))),
    get(`${run}/artifacts/contentinfo`, 'Address of an artifact', (call) => contentInfo(call, existing(call))),
    get(`${run}/artifacts/prefix/contentinfo`, 'Addresses of artifacts', (call) =>
      prefixContentInfo(call, existing(call)),
    ),
  ];
}

function details(call: Call): Reply {
  const job = existing(call);
  return ok(detailsBody(call, job, runDefinition(job), logFiles(call, job)));
}

function children(call: Call): Reply {
  existing(call);
  return ok({ value: [] });
}

function runData(call: Call): Reply {
  const asked = (call.body ?? {}) as Record<'selectRunDefinition' | 'selectJobSpecification', boolean | undefined> & {
    runId?: unknown;
  };
  if (typeof asked.runId !== 'string')
    throw dataPlaneFault(400, 'UserError', 'The field runId is missing.', ['BadArgument']);
  const job = find(call, asked.runId);
  return ok({
    runMetadata: runBody(call, job),
    runDefinition: asked.selectRunDefinition === true ? runDefinition(job) : null,
    jobSpecification: asked.selectJobSpecification === true ? jobSpecification(job) : null,
    systemSettings: null,
  });
}

function get(path: string, title: string, handle: Route['handle']): Route {
  return { method: 'GET', path, guard: 'data', title, handle };
}

function post(path: string, title: string, handle: Route['handle']): Route {
  return { method: 'POST', path, guard: 'data', title, handle };
}

function existing(call: Call): Job {
  return find(call, param(call, 'run'));
}

function find(call: Call, name: string): Job {
  const job = call.world.jobs.get(name);
  if (job !== undefined) return job;
  throw dataPlaneFault(404, 'UserError', `RunId: ${name} was not found.`, ['NotFoundError']);
}
