import type { Cluster, ErrorItem } from '../entities/cluster.js';
import type { Pool } from '../locations/quotas.js';

/** A quota is used up while a cluster grows. Recorded; the state of the cluster stays Succeeded. */
export function quotaReached(pool: Pool, cores: number, quotaUrl: string): ErrorItem {
  const message = `Operation results in exceeding quota limits of ${pool.localizedName}. Maximum allowed: ${pool.limit}, Current in use: ${pool.inUse}, Additional requested: ${cores}. Click here to view and request for quota: ${quotaUrl}`;
  return { error: { code: 'ClusterCoreQuotaReached', message } };
}

/**
 * A dedicated cluster could not even have one node: it is not made. Recorded for families, odd spelling included; for the
 * regional quota as people reported it.
 */
export function minNodesExceedQuota(pool: Pool, nodes: number, cores: number): ErrorItem {
  const family = /^(.*?) +Family Cluster Dedicated vCPUs$/.exec(pool.localizedName)?.[1]?.replace(/ {2,}/g, ' ');
  const quota = family === undefined ? 'total' : `${family} family`;
  const message = `The specified subscription has a ${quota} vCPU quota of ${pool.limit} and cannot accomodate for at least ${nodes} requested managed compute nodes which maps to ${cores} vCPUs. Talk to your Subscription Admin or refer to https://docs.microsoft.com/azure/machine-learning/how-to-manage-quotas#request-quota-increases to increase the family quota`;
  return { error: { code: 'ClusterMinNodesExceedCoreQuota', message } };
}

/** The size is not given for low priority. Text as one subscription met it in 2026, inside a cluster that was Succeeded. */
export function sizeRefused({ vmSize, vmPriority }: Pick<Cluster, 'vmSize' | 'vmPriority'>): ErrorItem {
  const asked = vmPriority === 'LowPriority' ? 'LowPriority' : 'Dedicated';
  const other = asked === 'LowPriority' ? 'Dedicated' : 'LowPriority';
  const message = `The VM size ${vmSize.toUpperCase()} is not allowed for ${asked}. Please convert to ${other} or use a different VM size.`;
  return { error: { code: `UnsupportedVMSizeFor${asked}`, message } };
}

/** There are no machines. Code and advice as one subscription met them in 2026; the rest of the words is ours. */
export function outOfCapacity({ vmSize, vmPriority, location }: Cluster): ErrorItem {
  const advice =
    vmPriority === 'LowPriority' ? ', or use dedicated VMs to improve chances of capacity allocations' : '';
  const message = `There is not enough capacity for VM size ${vmSize.toUpperCase()} in ${location}. Please try again later${advice}.`;
  return { error: { code: 'OutOfCapacity', message } };
}

/** An error by its code, with the recorded text where there is one. */
export function namedError(code: string, message: string | undefined, cluster: Cluster): ErrorItem {
  if (message !== undefined) return { error: { code, message } };
  return RECORDED[code]?.(cluster) ?? { error: { code, message: `The cluster ${cluster.name} has met ${code}.` } };
}

const RECORDED: Partial<Record<string, (cluster: Cluster) => ErrorItem>> = {
  OutOfCapacity: outOfCapacity,
  UnsupportedVMSizeForLowPriority: sizeRefused,
  DiskFull: ({ nodes }) => ({
    error: {
      code: 'DiskFull',
      message: `ComputeNode.Id=${nodes[0]?.nodeId ?? 'tvmps_0'}: There is not enough disk space on the node`,
      details: [
        {
          code: 'Message',
          message:
            'The VM disk is full. Delete jobs, tasks, or files on the node to free up space and then reboot the node.',
        },
      ],
    },
  }),
  ComputeRequiresImageMigration: () => ({
    error: {
      code: 'ComputeRequiresImageMigration',
      message:
        'Note that you are still using a managed compute with Ubuntu 16.04 operating system, please completely scale down and scale up your managed compute to ensure it has Ubuntu 18.04 and continued community support. More details can be found at https://docs.microsoft.com/en-us/azure/machine-learning/how-to-compute-cluster-instance-os-upgrade',
    },
  }),
};
