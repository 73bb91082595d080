import type { Instance } from '../entities/instance.js';
import { isLocal, isServerless, type Job } from '../entities/job.js';
import type { World } from '../world.js';

/** Name of the cluster in a compute id; the id's last part. */
export function clusterName(computeId: string | null): string {
  return computeId?.split('/').pop() ?? '';
}

/** Name of the cluster that a job runs on; a serverless one has its own, by a name that no compute can have. */
export function clusterOf(job: Job): string {
  return isServerless(job.request) ? `serverless/${job.name}` : clusterName(job.request.computeId);
}

/** What run history calls the compute of a job; for a serverless one that was not recorded. */
export function targetName({ request }: Job): string {
  return isServerless(request) ? 'serverless' : clusterName(request.computeId);
}

/** The word for where a job runs: a cluster, an instance, Data Factory, or its client's own machine. */
export type TargetType = 'amlctrain' | 'amlcdsi' | 'adf' | 'local';

export function targetType(world: World, { request }: Job): TargetType {
  if (isLocal(request)) return 'local';
  const name = clusterName(request.computeId);
  if (world.clusters.get(name) !== undefined) return 'amlctrain';
  if (world.store.collection<Instance>('instances').get(name) !== undefined) return 'amlcdsi';
  return name.toLowerCase() === 'datafactory' ? 'adf' : 'amlctrain';
}

/** Why a job whose compute is no cluster cannot run. */
export function noCluster(world: World, job: Job): string {
  const { computeId, resources } = job.request;
  if (isServerless(job.request))
    return `The instance type ${resources.instanceType ?? ''} is not supported in this region.`;
  if (targetType(world, job) === 'amlcdsi')
    return `The compute target ${computeId ?? ''} is a compute instance, on which the emulator runs no jobs.`;
  return `The compute target ${computeId ?? ''} does not exist.`;
}
