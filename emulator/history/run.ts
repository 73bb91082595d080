import { runErrorBody } from '../http/fault.js';
import { isTerminal, type Job } from '../entities/job.js';
import type { Call } from '../http/route.js';
import { addedProperties, addedTags } from '../jobs/added.js';
import { serverlessMachines } from '../jobs/serverless.js';
import { clusterOf, targetName, targetType, type TargetType } from '../jobs/target.js';
import { PERSON_ID } from '../options.js';
import { timeSpan, timestamp } from '../timestamps.js';
import { workspacePath, type World } from '../world.js';
import { runOutputs } from './outputs.js';

/** A run as run history's own resource. */
export function runBody(call: Call, job: Job): object {
  const { request } = job;
  const { world, site } = call;
  const experiment = encodeURIComponent(request.experimentName);
  const actions = `${site.data}/execution/v1.0${workspacePath(world)}/experiments/${experiment}/runId/${job.name}`;
  return {
    ...common(call, job),
    createdUtc: stamp(job.createdAt),
    token: null,
    tokenExpiryTimeUtc: null,
    cancelationReason: job.cancelationReason,
    experimentId: job.experimentId,
    scheduleId: null,
    displayName: request.displayName,
    name: null,
    description: request.description,
    hidden: request.isArchived,
    runType: 'azureml.scriptrun',
    actionUris: { Cancel: `${actions}/cancel`, Diagnose: `${actions}/diagnostics` },
    scriptName: null,
    uniqueChildRunComputeTargets: [],
    runDefinition: null,
    jobSpecification: null,
    primaryMetricName: null,
    createdFrom: null,
    cancelUri: `${actions}/cancel`,
    completeUri: null,
    diagnosticsUri: `${actions}/diagnostics`,
    retainForLifetimeOfWorkspace: false,
    queueingInfo: queueingInfo(world, job),
    inputs: isTerminal(job.status) ? {} : null,
    outputs: runOutputs(world, job),
  };
}

/** What `runs/{id}/details` answers: the run with its error, warnings, definition and log files. */
export function detailsBody(call: Call, job: Job, definition: object, logFiles: Record<string, string>): object {
  return {
    ...common(call, job),
    createdTimeUtc: stamp(job.createdAt),
    runDefinition: definition,
    logFiles,
    jobCost: {
      chargedCpuCoreSeconds: null,
      chargedCpuMemoryMegabyteSeconds: null,
      chargedGpuSeconds: null,
      chargedNodeUtilizationSeconds: null,
    },
    inputs: {},
    outputs: runOutputs(call.world, job),
  };
}

function common(call: Call, job: Job): object {
  const { world } = call;
  const { request } = job;
  const started = job.startedAt ?? job.endedAt;
  const isRunning = job.startedAt !== null && job.endedAt === null;
  return {
    runId: job.name,
    runUuid: job.runUuid,
    parentRunUuid: null,
    rootRunUuid: job.runUuid,
    runNumber: job.runNumber,
    rootRunId: job.name,
    parentRunId: null,
    dataContainerId: `dcid.${job.name}`,
    target: targetName(job),
    status: job.status,
    // A job that ended before it ran began at its end.
    startTimeUtc: stamp(started),
    endTimeUtc: stamp(job.endedAt),
    lastStartTimeUtc: stamp(job.lastStartedAt),
    error:
      job.error === null
        ? null
        : runErrorBody(job.error, { region: world.options.region, now: new Date(job.modifiedAt) }, 'Execution'),
    warnings: job.warnings.length === 0 ? null : job.warnings.map((message) => ({ source: 'AmlCompute', message })),
    tags: { ...request.tags, ...addedTags(world, job) },
    properties: { ...request.properties, ...addedProperties(call, job) },
    parameters: {},
    services: {},
    settings: {},
    inputDatasets: [],
    outputDatasets: [],
    revision: job.revision + 1,
    statusRevision: job.revision,
    runTypeV2: {
      orchestrator: 'Execution',
      traits: ['scriptRun', 'remote'],
      attribution: 'azureml.scriptrun',
      computeType: COMPUTE_TYPES[targetType(world, job)],
    },
    computeRequest: { nodeCount: request.resources.instanceCount, gpuCount: 0 },
    compute: compute(world, job),
    duration: durationOf(job),
    computeDuration: durationOf(job),
    currentComputeTime: job.endedAt === null ? timeSpan(timeOf(world, job)) : null,
    effectiveStartTimeUtc: isRunning ? stamp(job.startedAt) : null,
    currentAttemptId: job.attempt,
    userId: PERSON_ID,
    createdBy: person(world),
    lastModifiedBy: person(world),
    lastModifiedUtc: stamp(job.modifiedAt),
  };
}

const COMPUTE_TYPES: Record<TargetType, string> = {
  amlctrain: 'AmlcTrain',
  amlcdsi: 'AmlcDsi',
  adf: 'ADF',
  local: 'Local',
};

function compute(world: World, job: Job): object {
  const { request } = job;
  const machines = world.clusters.get(clusterOf(job)) ?? serverlessMachines(request);
  const isDataFactory = targetType(world, job) === 'adf';
  return {
    target: targetName(job),
    targetType: isDataFactory ? 'datafactory' : 'amlcompute',
    vmSize: machines?.vmSize ?? null,
    instanceType: null,
    instanceCount: request.resources.instanceCount,
    gpuCount: 0,
    priority: machines?.vmPriority ?? null,
    region: null,
    armId: null,
    ...(isDataFactory ? {} : { properties: null }),
  };
}

function queueingInfo(world: World, job: Job): object | null {
  if (job.status !== 'Queued') return null;
  const errors = world.clusters.get(clusterOf(job))?.errors;
  const message = errors?.[0]?.error.message ?? 'Job is in scheduling state';
  return { code: 'Scheduling', message, lastRefreshTimestamp: timestamp(world.clock.now()) };
}

/** Known only once the job has ended; until then its time so far stands in currentComputeTime. */
function durationOf(job: Job): string | null {
  if (job.endedAt === null) return null;
  return timeSpan(Date.parse(job.endedAt) - Date.parse(job.startedAt ?? job.endedAt));
}

function timeOf(world: World, job: Job): number {
  return job.startedAt === null ? 0 : world.clock.now().getTime() - Date.parse(job.startedAt);
}

function person(world: World): object {
  return {
    userObjectId: PERSON_ID,
    userPuId: '100320000000000A',
    userIdp: null,
    userAltSecId: null,
    userIss: `https://sts.windows.net/${world.options.tenant}/`,
    userTenantId: world.options.tenant,
    userName: 'Local User',
    upn: null,
  };
}

function stamp(time: string | null): string | null {
  return time === null ? null : timestamp(new Date(time));
}
