import type { Job } from '../entities/job.js';
import { dataPlaneFault } from '../http/fault.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { contentInfo, listArtifacts, logFiles, prefixContentInfo } from './artifacts.js';
import { detailsBody, runBody } from './run.js';

const HISTORY = `/history/v1.0${WORKSPACE}`;
const RUNS = [
  `${HISTORY}/runs/:run`,
  `${HISTORY}/experiments/:experiment/runs/:run`,
  `${HISTORY}/experimentids/:experiment/runs/:run`,
];

/** Run history: why a job ended, when it ran, where its logs are. */
export const historyRoutes: readonly Route[] = [
  ...RUNS.flatMap((run): Route[] => [
    {
      method: 'GET',
      path: run,
      guard: 'data',
      title: 'Run',
      handle: (call) => ok(runBody(call.world, existing(call))),
    },
    {
      method: 'GET',
      path: `${run}/details`,
      guard: 'data',
      title: 'Run with its error, warnings and log files',
      handle: details,
    },
    { method: 'GET', path: `${run}/children`, guard: 'data', title: 'Runs below a run: none', handle: children },
    {
      method: 'GET',
      path: `${run}/artifacts`,
      guard: 'data',
      title: 'Artifacts of a run',
      handle: (call) => listArtifacts(call, existing(call)),
    },
    {
      method: 'GET',
      path: `${run}/artifacts/contentinfo`,
      guard: 'data',
      title: 'Address of an artifact, signed',
      handle: (call) => contentInfo(call, existing(call)),
    },
    {
      method: 'GET',
      path: `${run}/artifacts/prefix/contentinfo`,
      guard: 'data',
      title: 'Addresses of the artifacts below a path, signed',
      handle: (call) => prefixContentInfo(call, existing(call)),
    },
  ]),
  { method: 'POST', path: `${HISTORY}/rundata`, guard: 'data', title: 'Run by the name in the body', handle: runData },
];

function details(call: Call): Reply {
  const job = existing(call);
  return ok(detailsBody(call.world, job, logFiles(call, job)));
}

function children(call: Call): Reply {
  existing(call);
  return ok({ value: [], continuationToken: null, nextLink: null });
}

function runData(call: Call): Reply {
  const runId = (call.body as { runId?: unknown } | undefined)?.runId;
  if (typeof runId !== 'string') throw dataPlaneFault(400, 'UserError', 'The field runId is missing.', ['BadArgument']);
  const job = find(call, runId);
  return ok({
    runMetadata: runBody(call.world, job),
    runDefinition: null,
    jobSpecification: null,
    systemSettings: null,
  });
}

function existing(call: Call): Job {
  return find(call, param(call, 'run'));
}

function find(call: Call, name: string): Job {
  const job = call.world.jobs.get(name);
  if (job !== undefined) return job;
  throw dataPlaneFault(404, 'UserError', `RunId: ${name} was not found.`, ['NotFoundError']);
}
