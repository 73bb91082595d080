import type { Job } from '../entities/job.js';
import { targetName } from '../jobs/target.js';
import { mapValues } from '../jobs/mapValues.js';

/**
 * The run's definition: what was to run and on what, in the words of Azure ML's first SDK. The service's holds more; its
 * members are those of the address that a local job is begun by (command_job__local_404_then_update.json).
 */
export function runDefinition(job: Job): object {
  const { request } = job;
  const { distribution, resources } = request;
  return {
    script: null,
    command: request.command,
    useAbsolutePath: false,
    arguments: [],
    framework: distribution === null ? 'Python' : distribution.distributionType,
    communicator: 'None',
    target: targetName(job),
    dataReferences: {},
    data: {},
    inputAssets: mapValues(request.inputs, ({ uri, jobInputType, mode }) => ({
      asset: { assetId: uri, type: jobInputType },
      mechanism: mode,
    })),
    outputData: mapValues(request.outputs, ({ uri, jobOutputType, mode }) => ({
      outputLocation: { uri: { path: uri }, type: jobOutputType },
      mechanism: mode,
    })),
    jobName: null,
    maxRunDurationSeconds: null,
    nodeCount: resources.instanceCount,
    instanceTypes: resources.instanceType === null ? [] : [resources.instanceType],
    priority: null,
    credentialPassthrough: false,
    identity: request.identity,
    environment: { name: request.environmentId, environmentVariables: {} },
    history: { outputCollection: true, directoriesToWatch: ['logs'], enableMLflowTracking: true },
    pyTorch: { communicationBackend: null, processCount: distribution?.processCountPerInstance ?? null },
    docker: { useDocker: true, shmSize: resources.shmSize, arguments: resources.dockerArgs },
    environmentVariables: request.environmentVariables ?? {},
  };
}

/** The job's specification as rundata hands it out on demand; no recording shows one in full. */
export function jobSpecification(job: Job): object {
  const { computeId, environmentId, command, codeId, inputs, outputs, resources, limits, identity } = job.request;
  return {
    jobType: 'Command',
    computeId,
    environmentId,
    command,
    codeId,
    inputs,
    outputs,
    resources,
    limits,
    identity,
  };
}
