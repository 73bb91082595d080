import { creationData } from '../entities/systemData.js';
import { isLocal, type Job, type JobInput, type JobOutput } from '../entities/job.js';
import type { Call } from '../http/route.js';
import { speaksSince } from '../versions/since.js';
import { workspacePath } from '../world.js';
import { addedProperties, addedTags } from './added.js';
import { mapValues } from './mapValues.js';
import { services } from './services.js';

/** A job as PUT, GET and list answer it. */
export function jobBody(call: Call, job: Job): object {
  const { request } = job;
  const isStarted = job.status !== 'NotStarted';
  const outputs = mapValues(request.outputs, outputBody);
  return {
    id: `${workspacePath(call.world)}/jobs/${job.name}`,
    name: job.name,
    type: 'Microsoft.MachineLearningServices/workspaces/jobs',
    properties: {
      description: request.description,
      tags: { ...request.tags, ...addedTags(call.world, job) },
      properties: { ...request.properties, ...addedProperties(call, job) },
      parentJobName: null,
      displayName: request.displayName,
      status: job.status,
      experimentName: request.experimentName,
      services: services(call, job),
      computeId: request.computeId,
      isArchived: request.isArchived,
      identity: request.identity,
      componentId: request.componentId,
      notificationSetting: request.notificationSetting,
      secretsConfiguration: null,
      jobType: 'Command',
      resources: resources(job),
      codeId: request.codeId,
      command: request.command,
      environmentId: request.environmentId,
      inputs: mapValues(request.inputs, inputBody),
      outputs: isStarted ? { ...outputs, default: outputBody(defaultOutput(job.name)) } : outputs,
      distribution: request.distribution,
      autologgerSettings: request.autologgerSettings,
      limits: request.limits,
      environmentVariables: request.environmentVariables,
      parameters: isStarted ? {} : null,
      queueSettings: request.queueSettings ?? defaultQueue(call),
    },
    systemData: isStarted ? creationData(job.createdAt) : {},
  };
}

/** The output that every job has: its folder in the artifact store. */
export function defaultOutput(name: string): JobOutput {
  return {
    description: null,
    jobOutputType: 'uri_folder',
    uri: `azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.${name}`,
    mode: 'ReadWriteMount',
    assetName: null,
    assetVersion: null,
    pathOnCompute: null,
    autoDeleteSetting: null,
  };
}

// Null in 2022 and 2023, the word Null since.
function defaultQueue(call: Call): object | null {
  return speaksSince(call, '2024') ? { jobTier: 'Null', priority: null } : null;
}

function resources({ request }: Job): object {
  const { shmSize, ...others } = request.resources;
  const { instanceCount, maxInstanceCount, instanceType, locations, properties, dockerArgs, dockerArgsList } = others;
  return {
    instanceCount,
    maxInstanceCount,
    instanceType,
    locations,
    properties,
    ...(isLocal(request) ? {} : { shmSize }),
    dockerArgs,
    dockerArgsList,
  };
}

function inputBody(input: JobInput): object {
  const { description, jobInputType, uri, mode, pathOnCompute } = input;
  if (jobInputType === 'literal') return { description, jobInputType, value: input.value ?? '' };
  return { description, uri, mode, pathOnCompute, jobInputType };
}

function outputBody(output: JobOutput): object {
  const { description, uri, assetName, assetVersion, mode, pathOnCompute, autoDeleteSetting, jobOutputType } = output;
  return { description, uri, assetName, assetVersion, mode, pathOnCompute, autoDeleteSetting, jobOutputType };
}
