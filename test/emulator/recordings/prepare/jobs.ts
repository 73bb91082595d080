import type { Job, JobStatus, RunError } from '../../../../emulator/entities/job.js';
import type { Json } from '../../support/json.js';
import type { Exchange } from '../files.js';
import type { Stage } from '../stage.js';
import { placeCompute } from './computes.js';
import type { Prepare } from './prepare.js';

/** What the service adds to a job, and no client sends. */
const ADDED = /^(_azureml\.|_aml_system_|ContentSnapshotId$|Process(Info|Status)File$|(Start|End)TimeUtc$)/;
const READ_ONLY = new Set(['status', 'services', 'parameters']);
const A_WHILE_SECONDS = 1;

/** A job that the recording makes finds its compute; one of a masked name that was used before gets a name of its own. */
export const prepareNewJob: Prepare = async (stage, exchange, [name = '']) => {
  if (exchange.status >= 300) return;
  if (exchange.status === 200) {
    await placeJob(stage, exchange, name, exchange.requestBody, exchange.body);
    return;
  }
  const used = stage.made.has(exchange.url.pathname.toLowerCase());
  if (used) stage.aliases.set(name, `${stage.aliases.get(name) ?? name}-again`);
  await placeTarget(stage, exchange.body);
};

/** A job that the recording did not make itself is there; it is in the status that the answer, or the next one, shows. */
export const prepareJob: Prepare = async (stage, exchange, [name = ''], recording) => {
  if (exchange.status >= 300 && exchange.status !== 400) return;
  const isCancel = exchange.method === 'POST';
  // A step of a pipeline is shown without its properties.
  if (!isCancel && exchange.body.properties === undefined) return;
  // A cancel answered 200 found the job at its end: at which is seen later.
  const later = recording
    .slice(exchange.index)
    .find((each) => each.method === 'GET' && each.url.pathname.endsWith(`/jobs/${name}`));
  const shown = isCancel ? later?.body : exchange.body;
  const state =
    isCancel && exchange.status === 200
      ? (shown ?? { properties: { status: 'Completed' } })
      : isCancel
        ? undefined
        : shown;
  await placeJob(stage, exchange, name, shown ?? ANY, state);
};

/** All jobs of a list are there. */
export const prepareJobs: Prepare = async (stage, exchange) => {
  for (const item of exchange.body.value.toReversed()) await placeJob(stage, exchange, item.name, item, item);
};

/** A run is that of a job. */
export const prepareRun: Prepare = async (stage, exchange, [name]) => {
  if (exchange.status >= 300) return;
  const run = exchange.body.runMetadata ?? exchange.body;
  const job = name ?? run.runId;
  const isPipeline = run.runTypeV2?.orchestrator === 'Pipeline';
  const body = isPipeline ? { properties: { jobType: 'Pipeline' } } : ANY;
  await placeJob(
    stage,
    exchange,
    job,
    body,
    run.status === undefined ? undefined : { properties: { status: run.status } },
  );
  const placed = stage.world.jobs.get(job);
  if (placed !== undefined && run.error != null) placed.error = errorFrom(run.error.error);
};

function errorFrom({ code, message, innerError }: Json): RunError {
  const codes: string[] = [];
  for (let inner = innerError; inner != null; inner = inner.innerError) codes.push(inner.code);
  return { code, message, innerCodes: codes };
}

const ANY = { properties: { jobType: 'Command', command: 'true', environmentId: 'azureml:any:1' } };

async function placeJob(stage: Stage, exchange: Exchange, recorded: string, shown: Json, state: Json): Promise<void> {
  const name = stage.aliases.get(recorded) ?? recorded;
  if (stage.world.jobs.get(name) === undefined) {
    await placeTarget(stage, shown);
    const version = exchange.url.searchParams.get('api-version') ?? '2024-04-01';
    await stage.call('PUT', `${stage.base}/jobs/${name}?api-version=${version}`, {
      properties: requestFrom(stage, shown.properties),
    });
  }
  const job = stage.world.jobs.get(name);
  if (job !== undefined && state !== undefined) arrive(stage, job, state.properties);
}

function requestFrom(stage: Stage, shown: Json): Json {
  const kept = Object.entries(shown as object).filter(([key]) => !READ_ONLY.has(key));
  const request = Object.fromEntries(kept) as Json;
  const { default: _default, ...outputs } = request.outputs ?? {};
  return {
    computeId: `${stage.base}/computes/any`,
    ...request,
    outputs,
    tags: withoutAdded(request.tags),
    properties: withoutAdded(request.properties),
  };
}

function withoutAdded(map: Json): Json {
  return Object.fromEntries(Object.entries((map ?? {}) as object).filter(([key]) => !ADDED.test(key)));
}

/** The cluster that a job went to is there. */
async function placeTarget(stage: Stage, job: Json): Promise<void> {
  const { computeId, properties } = job.properties ?? {};
  const [, name] = /\/workspaces\/[^/]+\/computes\/([^/]+)$/i.exec(computeId ?? '') ?? [];
  const isCluster = properties?.['_azureml.ComputeTargetType'] !== 'adf';
  if (name !== undefined && isCluster && stage.world.clusters.get(name) === undefined)
    await placeCompute(stage, name, undefined, false);
}

/** Lets time pass until the job is in the status shown; where the emulator would have to run it, puts it there. */
function arrive(stage: Stage, job: Job, shown: Json): void {
  const status = shown.status as JobStatus;
  if (job.status !== status && status !== 'Starting') stage.clock.pass(A_WHILE_SECONDS);
  // What a client told of a local job when it began it is part of its state.
  if (job.status === 'NotStarted')
    Object.assign(job.request, { environmentId: shown.environmentId, limits: shown.limits });
  const now = new Date().toISOString();
  const added = shown.properties ?? {};
  if (job.status !== status) {
    const wasQueued = 'ProcessInfoFile' in added;
    job.history = job.history.filter((step) => wasQueued || step.status !== 'Queued');
    if (wasQueued && status !== 'Queued') job.history.push({ status: 'Queued', at: now });
    job.history.push({ status, at: now });
    job.status = status;
    job.revision += 1;
  }
  if ('StartTimeUtc' in added) job.startedAt ??= now;
  if ('EndTimeUtc' in added) job.endedAt ??= now;
  stage.world.jobs.save(job);
}
