import { runErrorBody } from '../http/fault.js';
import { isTerminal, type Job } from '../entities/job.js';
import { clusterName } from '../jobs/wire.js';
import { PERSON_ID } from '../options.js';
import { timeSpan, timestamp } from '../timestamps.js';
import type { World } from '../world.js';

/** A run as run history's own resource. */
export function runBody(world: World, job: Job): object {
  const { request } = job;
  return {
    ...common(world, job),
    createdUtc: stamp(job.createdAt),
    token: null,
    tokenExpiryTimeUtc: null,
    duration: durationOf(world, job),
    cancelationReason: job.cancelationReason,
    currentAttemptId: job.attempt,
    experimentId: job.experimentId,
    scheduleId: null,
    displayName: request.displayName,
    name: null,
    description: request.description,
    hidden: request.isArchived,
    runType: 'azureml.scriptrun',
    actionUris: {},
    scriptName: null,
    uniqueChildRunComputeTargets: [],
    runDefinition: null,
    jobSpecification: null,
    primaryMetricName: null,
    createdFrom: null,
    cancelUri: null,
    completeUri: null,
    diagnosticsUri: null,
    retainForLifetimeOfWorkspace: false,
    queueingInfo: queueingInfo(world, job),
    inputs: null,
    outputs: null,
  };
}

/** What `runs/{id}/details` answers: the run with its error, warnings and log files. */
export function detailsBody(world: World, job: Job, logFiles: Record<string, string>): object {
  return {
    ...common(world, job),
    createdTimeUtc: stamp(job.createdAt),
    runDefinition: null,
    logFiles,
    jobCost: {
      chargedCpuCoreSeconds: null,
      chargedCpuMemoryMegabyteSeconds: null,
      chargedGpuSeconds: null,
      chargedNodeUtilizationSeconds: null,
    },
    duration: durationOf(world, job),
    inputs: {},
    outputs: null,
    currentAttemptId: job.attempt,
  };
}

function common(world: World, job: Job): object {
  const { request } = job;
  const cluster = world.clusters.get(clusterName(request.computeId));
  const compute = {
    target: clusterName(request.computeId),
    targetType: 'amlcompute',
    vmSize: cluster?.vmSize ?? null,
    instanceType: null,
    instanceCount: request.resources.instanceCount,
    gpuCount: null,
    priority: cluster?.vmPriority ?? null,
    region: null,
    armId: null,
    properties: null,
  };
  return {
    runId: job.name,
    runUuid: job.runUuid,
    parentRunUuid: null,
    rootRunUuid: job.runUuid,
    runNumber: job.runNumber,
    rootRunId: job.name,
    parentRunId: null,
    dataContainerId: `dcid.${job.name}`,
    target: compute.target,
    status: job.status,
    startTimeUtc: stamp(job.startedAt),
    endTimeUtc: stamp(job.endedAt),
    lastStartTimeUtc: stamp(job.lastStartedAt),
    error:
      job.error === null
        ? null
        : runErrorBody(job.error, { region: world.options.region, now: new Date(job.modifiedAt) }, 'Execution'),
    warnings: job.warnings.length === 0 ? null : job.warnings.map((message) => ({ source: 'AmlCompute', message })),
    tags: request.tags,
    properties: { ...request.properties, '_azureml.ComputeTargetType': 'amlctrain' },
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
      computeType: 'AmlcTrain',
    },
    computeRequest: { nodeCount: request.resources.instanceCount, gpuCount: 0 },
    compute,
    computeDuration: durationOf(world, job),
    currentComputeTime: isTerminal(job.status) ? null : durationOf(world, job),
    effectiveStartTimeUtc: null,
    userId: PERSON_ID,
    createdBy: person(world),
    lastModifiedBy: person(world),
    lastModifiedUtc: stamp(job.modifiedAt),
  };
}

function queueingInfo(world: World, job: Job): object | null {
  if (job.status !== 'Queued') return null;
  const errors = world.clusters.get(clusterName(job.request.computeId))?.errors;
  const message = errors?.[0]?.error.message ?? 'Job is in scheduling state';
  return { code: 'Scheduling', message, lastRefreshTimestamp: timestamp(world.clock.now()) };
}

function durationOf(world: World, job: Job): string | null {
  if (job.startedAt === null) return null;
  const end = job.endedAt === null ? world.clock.now().getTime() : Date.parse(job.endedAt);
  return timeSpan(end - Date.parse(job.startedAt));
}

function person(world: World): object {
  return {
    userObjectId: PERSON_ID,
    userPuId: null,
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
