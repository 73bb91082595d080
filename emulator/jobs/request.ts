import { z } from 'zod';

import { durationSeconds } from '../durations.js';
import type { JobInput, JobOutput, JobRequest, JobResources } from '../entities/job.js';
import { invalidFields, invalidRequest, notEmulated } from '../http/invalid.js';
import { mapValues } from './mapValues.js';
import { jobProperties, type JobProperties } from './schema.js';

const body = z.object({ properties: jobProperties });

/** The output that the service itself adds to every job; one of this name in a request is not heeded. */
const ADDED_OUTPUT = 'default';

/**
 * Reads the body of a job PUT, with the defaults that the service fills in.
 *
 * @param name the job's name, which is its display name unless another is given
 * @throws Fault 400 for a body that does not fit, 501 for jobs and distributions that are not emulated
 */
export function readJob(name: string, given: unknown): JobRequest {
  refuseOtherKinds(given);
  const parsed = body.safeParse(given);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const wanted = parsed.data.properties;
  refuseUnknown(wanted);
  const { command, environmentId } = wanted;
  if (typeof command !== 'string' || typeof environmentId !== 'string') {
    throw invalidFields(['properties.command and properties.environmentId are required of a command job.']);
  }
  const resources = readResources(wanted);
  const { [ADDED_OUTPUT]: _added, ...outputs } = wanted.outputs ?? {};
  return {
    description: wanted.description ?? null,
    tags: wanted.tags ?? {},
    properties: wanted.properties ?? {},
    displayName: wanted.displayName ?? name,
    experimentName: wanted.experimentName ?? 'Default',
    isArchived: wanted.isArchived ?? false,
    computeId: wanted.computeId ?? null,
    codeId: wanted.codeId ?? null,
    componentId: wanted.componentId ?? null,
    environmentId,
    command,
    identity: wanted.identity ?? null,
    notificationSetting: wanted.notificationSetting ?? null,
    autologgerSettings: wanted.autologgerSettings ?? null,
    environmentVariables: wanted.environmentVariables ?? null,
    inputs: mapValues(wanted.inputs ?? {}, readInput),
    outputs: mapValues(outputs, readOutput),
    distribution: readDistribution(wanted),
    limits: wanted.limits == null ? null : { timeout: wanted.limits.timeout ?? null, jobLimitsType: 'Command' },
    resources,
    queueSettings: readQueue(wanted),
  };
}

// Before anything else of the body is looked at: it is another kind's.
function refuseOtherKinds(given: unknown): void {
  const type = (given as { properties?: { jobType?: unknown } } | undefined)?.properties?.jobType;
  if (typeof type === 'string' && type !== 'Command') throw notEmulated(`jobs of type ${type}, only Command`);
}

function refuseUnknown(wanted: JobProperties): void {
  if (/\/virtualclusters\//i.test(wanted.computeId ?? ''))
    throw notEmulated('virtual clusters; name a cluster of the workspace in computeId');
  const distribution = wanted.distribution?.distributionType;
  if (distribution !== undefined && distribution !== 'PyTorch') {
    throw notEmulated(`the distribution ${distribution}, only PyTorch`);
  }
  const timeout = wanted.limits?.timeout;
  if (timeout != null && durationSeconds(timeout) === undefined) {
    throw invalidFields([`properties.limits.timeout: "${timeout}" is no ISO 8601 duration.`]);
  }
}

function readResources({ resources, ...wanted }: JobProperties): JobResources {
  return {
    instanceCount: resources?.instanceCount ?? 1,
    maxInstanceCount: resources?.maxInstanceCount ?? null,
    instanceType: resources?.instanceType ?? null,
    locations: resources?.locations ?? null,
    properties: resources?.properties ?? null,
    shmSize: resources?.shmSize ?? (isLocalRequest({ ...wanted, resources }) ? null : '2g'),
    dockerArgs: resources?.dockerArgs ?? null,
    dockerArgsList: resources?.dockerArgsList ?? null,
  };
}

function readInput(input: NonNullable<JobProperties['inputs']>[string]): JobInput {
  const { jobInputType, pathOnCompute = null } = input;
  const common = { description: input.description ?? null, jobInputType, pathOnCompute };
  if (jobInputType === 'literal') return { ...common, uri: null, mode: null, value: input.value ?? '' };
  if (typeof input.uri !== 'string') throw invalidFields([`An input of type ${jobInputType} needs a uri.`]);
  return { ...common, uri: input.uri, mode: input.mode ?? 'ReadOnlyMount' };
}

function readOutput(output: NonNullable<JobProperties['outputs']>[string]): JobOutput {
  return {
    description: output.description ?? null,
    jobOutputType: output.jobOutputType,
    uri: output.uri ?? null,
    mode: output.mode ?? 'ReadWriteMount',
    assetName: output.assetName ?? null,
    assetVersion: output.assetVersion ?? null,
    pathOnCompute: output.pathOnCompute ?? null,
    autoDeleteSetting: output.autoDeleteSetting ?? null,
  };
}

function readDistribution(wanted: JobProperties): JobRequest['distribution'] {
  if (wanted.distribution == null) return null;
  const { distributionType, processCountPerInstance } = wanted.distribution;
  return { distributionType, processCountPerInstance: processCountPerInstance ?? null };
}

function readQueue({ queueSettings, ...wanted }: JobProperties): JobRequest['queueSettings'] {
  if (queueSettings != null)
    return { jobTier: queueSettings.jobTier ?? null, priority: queueSettings.priority ?? null };
  return isLocalRequest(wanted) ? { jobTier: 'Standard', priority: null } : null;
}

function isLocalRequest({ resources }: Pick<JobProperties, 'resources'>): boolean {
  return resources?.properties != null && 'IsLocal' in resources.properties;
}
