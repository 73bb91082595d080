import { isServerless, type Job } from '../entities/job.js';
import type { Call } from '../http/route.js';
import { propertyTime } from '../timestamps.js';
import { speaksSince } from '../versions/since.js';
import type { World } from '../world.js';
import { clusterName, targetType } from './target.js';

/** Properties that the service adds to a job's own. */
export function addedProperties(call: Call, job: Job): Record<string, string | null> {
  const { request, startedAt, endedAt } = job;
  if (job.status === 'NotStarted') return {};
  const type = targetType(call.world, job);
  return {
    '_azureml.ComputeTargetType': type,
    // Recorded since 2024 only; null for a job that names no compute.
    ...(type !== 'local' && speaksSince(call, '2024')
      ? { '_azureml.ClusterName': request.computeId === null ? null : clusterName(request.computeId) }
      : {}),
    ...(request.codeId === null ? {} : { ContentSnapshotId: job.runUuid }),
    ...(wasQueued(job)
      ? { ProcessInfoFile: 'azureml-logs/process_info.json', ProcessStatusFile: 'azureml-logs/process_status.json' }
      : {}),
    ...(startedAt === null ? {} : { StartTimeUtc: propertyTime(new Date(startedAt)) }),
    ...(startedAt === null || endedAt === null ? {} : { EndTimeUtc: propertyTime(new Date(endedAt)) }),
  };
}

/** Tags that the service adds: what the cluster is at, once the job has waited for it. */
export function addedTags(world: World, job: Job): Record<string, string> {
  if (!wasQueued(job) || isServerless(job.request)) return {};
  const cluster = world.clusters.get(clusterName(job.request.computeId));
  const nodes = cluster?.nodes ?? [];
  const count = (state: string): number => nodes.filter((node) => node.state === state).length;
  return {
    _aml_system_ComputeTargetStatus: JSON.stringify({
      AllocationState: (cluster?.allocationState ?? 'Steady').toLowerCase(),
      PreparingNodeCount: count('preparing'),
      RunningNodeCount: count('running'),
      CurrentNodeCount: nodes.length - count('preempted'),
    }),
  };
}

// What never got as far as a cluster's queue has none of the traces of it, whatever it ended as.
function wasQueued(job: Job): boolean {
  return job.history.some(({ status }) => status === 'Queued');
}
