import { z } from 'zod';

import { durationSeconds } from '../durations.js';
import type { JobInput, JobOutput, JobRequest } from '../entities/job.js';
import { invalidFields, invalidRequest, notEmulated } from '../http/invalid.js';
import { mapValues } from './mapValues.js';

const text = z.string().nullish();
const words = z.record(z.string(), z.string()).nullish();

const body = z.object({
  properties: z.object({
    jobType: z.string(),
    command: text,
    environmentId: text,
    codeId: text,
    computeId: text,
    componentId: text,
    displayName: text,
    experimentName: text,
    description: text,
    tags: words,
    properties: words,
    isArchived: z.boolean().nullish(),
    environmentVariables: words,
    identity: z.looseObject({}).nullish(),
    inputs: z
      .record(
        z.string(),
        z.object({
          jobInputType: z.string(),
          uri: text,
          mode: text,
          value: z.coerce.string().nullish(),
          description: text,
        }),
      )
      .nullish(),
    outputs: z
      .record(
        z.string(),
        z.object({ jobOutputType: z.string(), uri: text, mode: text, assetName: text, description: text }),
      )
      .nullish(),
    distribution: z
      .object({ distributionType: z.string(), processCountPerInstance: z.number().int().min(1).nullish() })
      .nullish(),
    limits: z.object({ timeout: text }).nullish(),
    resources: z
      .object({
        instanceCount: z.number().int().min(1).nullish(),
        instanceType: text,
        properties: z.looseObject({}).nullish(),
        shmSize: text,
        dockerArgs: text,
      })
      .nullish(),
    queueSettings: z.looseObject({}).nullish(),
  }),
});

type Properties = z.infer<typeof body>['properties'];

/**
 * Reads the body of a job PUT, with the defaults that the service fills in.
 *
 * @param name the job's name, which is its display name unless another is given
 * @throws Fault 400 for a body that does not fit, 501 for jobs and distributions that are not emulated
 */
export function readJob(name: string, given: unknown): JobRequest {
  const parsed = body.safeParse(given);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const wanted = parsed.data.properties;
  refuseUnknown(wanted);
  const { command, environmentId } = wanted;
  if (typeof command !== 'string' || typeof environmentId !== 'string') {
    throw invalidFields(['properties.command and properties.environmentId are required of a command job.']);
  }
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
    environmentVariables: wanted.environmentVariables ?? null,
    inputs: mapValues(wanted.inputs ?? {}, readInput),
    outputs: mapValues(wanted.outputs ?? {}, readOutput),
    distribution: readDistribution(wanted),
    limits: wanted.limits == null ? null : { timeout: wanted.limits.timeout ?? null, jobLimitsType: 'Command' },
    resources: {
      instanceCount: wanted.resources?.instanceCount ?? 1,
      instanceType: wanted.resources?.instanceType ?? null,
      properties: wanted.resources?.properties ?? null,
      shmSize: wanted.resources?.shmSize ?? '2g',
      dockerArgs: wanted.resources?.dockerArgs ?? null,
    },
    queueSettings: wanted.queueSettings ?? null,
  };
}

function refuseUnknown(wanted: Properties): void {
  if (wanted.jobType !== 'Command') throw notEmulated(`jobs of type ${wanted.jobType}, only Command`);
  if (wanted.computeId == null) throw notEmulated('serverless jobs; name a cluster in computeId');
  const distribution = wanted.distribution?.distributionType;
  if (distribution !== undefined && distribution !== 'PyTorch') {
    throw notEmulated(`the distribution ${distribution}, only PyTorch`);
  }
  const timeout = wanted.limits?.timeout;
  if (timeout != null && durationSeconds(timeout) === undefined) {
    throw invalidFields([`properties.limits.timeout: "${timeout}" is no ISO 8601 duration.`]);
  }
}

function readInput(input: NonNullable<Properties['inputs']>[string]): JobInput {
  const { jobInputType } = input;
  if (jobInputType === 'literal') {
    return { description: input.description ?? null, jobInputType, uri: null, mode: null, value: input.value ?? '' };
  }
  if (typeof input.uri !== 'string') throw invalidFields([`An input of type ${jobInputType} needs a uri.`]);
  return { description: input.description ?? null, jobInputType, uri: input.uri, mode: input.mode ?? 'ReadOnlyMount' };
}

function readOutput(output: NonNullable<Properties['outputs']>[string]): JobOutput {
  return {
    description: output.description ?? null,
    jobOutputType: output.jobOutputType,
    uri: output.uri ?? null,
    mode: output.mode ?? 'ReadWriteMount',
    assetName: output.assetName ?? null,
  };
}

function readDistribution(wanted: Properties): JobRequest['distribution'] {
  if (wanted.distribution == null) return null;
  const { distributionType, processCountPerInstance } = wanted.distribution;
  return { distributionType, processCountPerInstance: processCountPerInstance ?? null };
}
