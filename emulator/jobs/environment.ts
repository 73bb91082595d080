import { delimiter, join } from 'node:path';

import type { Job } from '../entities/job.js';
import type { World } from '../world.js';

// Paths of libraries that a machine with accelerators may need; everything else of the emulator's environment stays out.
const PASSED_ON = ['LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES'] as const;

/** The environment that all processes of a job have on a node, before the distribution's variables. */
export function jobEnvironment(world: World, job: Job, nodeId: string, folder: string): Record<string, string> {
  const { options } = world;
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passedOn),
    PATH: [...options.pathPrepend, process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter),
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    // AmlCompute's nodes are nodes of Azure Batch, and listNodes names them by this.
    AZ_BATCH_NODE_ID: nodeId,
    AZUREML_RUN_ID: job.name,
    AZUREML_ROOT_RUN_ID: job.name,
    AZUREML_EXPERIMENT_NAME: job.request.experimentName,
    AZUREML_ARM_SUBSCRIPTION: options.subscription,
    AZUREML_ARM_RESOURCEGROUP: options.resourceGroup,
    AZUREML_ARM_WORKSPACE_NAME: options.workspace,
    AZUREML_ARM_PROJECT_NAME: job.request.experimentName,
    ...job.request.environmentVariables,
  };
}
