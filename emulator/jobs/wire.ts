import { creationData } from '../entities/systemData.js';
import type { Job, JobInput, JobOutput } from '../entities/job.js';
import type { Call } from '../http/route.js';
import type { Site } from '../http/site.js';
import { propertyTime } from '../timestamps.js';
import { workspacePath, type World } from '../world.js';
import { mapValues } from './mapValues.js';

/** A job as PUT, GET and list answer it. */
export function jobBody({ world, site }: Call, job: Job): object {
  const { request } = job;
  return {
    id: `${workspacePath(world)}/jobs/${job.name}`,
    name: job.name,
    type: 'Microsoft.MachineLearningServices/workspaces/jobs',
    properties: {
      description: request.description,
      tags: { ...request.tags, ...targetStatus(world, job) },
      properties: { ...request.properties, ...addedProperties(job) },
      displayName: request.displayName,
      status: job.status,
      experimentName: request.experimentName,
      services: services(world, site, job.name),
      computeId: request.computeId,
      isArchived: request.isArchived,
      identity: request.identity,
      componentId: request.componentId,
      notificationSetting: null,
      jobType: 'Command',
      resources: request.resources,
      codeId: request.codeId,
      command: request.command,
      environmentId: request.environmentId,
      inputs: mapValues(request.inputs, inputBody),
      outputs: { ...mapValues(request.outputs, outputBody), default: outputBody(defaultOutput(job.name)) },
      distribution: request.distribution,
      limits: request.limits,
      environmentVariables: request.environmentVariables,
      parameters: {},
      queueSettings: request.queueSettings ?? { jobTier: 'Null' },
    },
    systemData: creationData(job.createdAt),
  };
}

/** The output that every job has: its folder in the artifact store. */
export function defaultOutput(name: string): JobOutput {
  const uri = `azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.${name}`;
  return { description: null, jobOutputType: 'uri_folder', uri, mode: 'ReadWriteMount', assetName: null };
}

/** Name of the cluster in a compute id; the id's last part. */
export function clusterName(computeId: string | null): string {
  return computeId?.slice(computeId.lastIndexOf('/') + 1) ?? '';
}

function inputBody(input: JobInput): object {
  const { description, jobInputType } = input;
  if (jobInputType === 'literal') return { description, value: input.value ?? '', jobInputType };
  return { description, uri: input.uri, mode: input.mode, jobInputType };
}

function outputBody(output: JobOutput): object {
  const { description, uri, assetName, mode, jobOutputType } = output;
  return { description, uri, assetName, mode, jobOutputType };
}

function addedProperties(job: Job): Record<string, string | null> {
  const hasStarted = job.startedAt !== null;
  return {
    '_azureml.ComputeTargetType': 'amlctrain',
    '_azureml.ClusterName': clusterName(job.request.computeId),
    ...(job.request.codeId === null ? {} : { ContentSnapshotId: job.runUuid }),
    ...(job.status === 'Starting'
      ? {}
      : { ProcessInfoFile: 'azureml-logs/process_info.json', ProcessStatusFile: 'azureml-logs/process_status.json' }),
    ...(hasStarted ? { StartTimeUtc: propertyTime(new Date(job.startedAt ?? 0)) } : {}),
    ...(job.endedAt === null ? {} : { EndTimeUtc: propertyTime(new Date(job.endedAt)) }),
  };
}

function targetStatus(world: World, job: Job): Record<string, string> {
  if (job.status === 'Starting') return {};
  const cluster = world.clusters.get(clusterName(job.request.computeId));
  if (cluster === undefined) return {};
  const count = (state: string): number => cluster.nodes.filter((node) => node.state === state).length;
  return {
    _aml_system_ComputeTargetStatus: JSON.stringify({
      AllocationState: cluster.allocationState.toLowerCase(),
      PreparingNodeCount: count('preparing'),
      RunningNodeCount: count('running'),
      CurrentNodeCount: cluster.nodes.length - count('preempted'),
    }),
  };
}

function services(world: World, site: Site, name: string): object {
  const { subscription, resourceGroup, workspace } = world.options;
  const service = (jobServiceType: string, endpoint: string): object => ({
    jobServiceType,
    port: null,
    endpoint,
    status: null,
    errorMessage: null,
    properties: null,
    nodes: null,
  });
  const wsid = `/subscriptions/${subscription}/resourcegroups/${resourceGroup}/workspaces/${workspace}`;
  return {
    Tracking: service('Tracking', `azureml://${new URL(site.data).host}/mlflow/v1.0${workspacePath(world)}?`),
    Studio: service('Studio', `https://ml.azure.com/runs/${name}?wsid=${wsid}`),
  };
}
