import type { Cluster } from '../entities/cluster.js';
import { isServerless, type Job, type JobRequest } from '../entities/job.js';
import { findSize } from '../locations/sizes.js';
import type { World } from '../world.js';
import { clusterOf } from './target.js';

/** What the service takes where nothing is asked for depends on quota; one that every workspace may have stands for it. */
const DEFAULT_SIZE = 'Standard_DS3_v2';

/** The machines of a serverless job; null for any other. */
export function serverlessMachines(request: JobRequest): Pick<Cluster, 'vmSize' | 'vmPriority'> | null {
  if (!isServerless(request)) return null;
  const isSpot = request.queueSettings?.jobTier?.toLowerCase() === 'spot';
  return { vmSize: request.resources.instanceType ?? DEFAULT_SIZE, vmPriority: isSpot ? 'LowPriority' : 'Dedicated' };
}

/**
 * Makes the cluster of a serverless job: its own, as large as it asks for, and in the workspace's lists never seen.
 *
 * @returns undefined when the job is not serverless, or asks for a size that there is not
 */
export function makeServerless(world: World, job: Job): Cluster | undefined {
  const machines = serverlessMachines(job.request);
  if (machines === null || findSize(machines.vmSize) === undefined) return undefined;
  const now = world.clock.now().toISOString();
  return world.clusters.save({
    name: clusterOf(job),
    job: job.name,
    ...machines,
    location: world.options.region,
    computeLocation: null,
    tags: null,
    identity: null,
    description: null,
    disableLocalAuth: true,
    minNodes: 0,
    maxNodes: job.request.resources.instanceCount,
    idleTime: null,
    osType: 'Linux',
    remoteLogin: 'Disabled',
    enableNodePublicIp: null,
    enableBatchPrivateLink: null,
    userAccount: null,
    virtualMachineImage: null,
    subnet: null,
    isolatedNetwork: false,
    createdAt: now,
    modifiedAt: now,
    provisioningState: 'Succeeded',
    provisioningErrors: null,
    provisioningWarnings: undefined,
    provisioned: true,
    targetNodes: 0,
    allocationState: 'Steady',
    transitionAt: now,
    errors: null,
    nodes: [],
  });
}
