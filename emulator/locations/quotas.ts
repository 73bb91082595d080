import type { Cluster } from '../entities/cluster.js';
import { SIZES, findSize } from './sizes.js';

/** A pool of cores that nodes are counted against. */
export interface Pool {
  /** `name.value` of its usage row. */
  name: string;
  localizedName: string;
  limit: number;
  inUse: number;
}

/** Says what limit a pool has, given the usual one. */
export type LimitOf = (pool: string, usual: number) => number;

const REGIONAL_DEDICATED = 2000;
const LOW_PRIORITY = 2000;
const FAMILY_LIMIT = 1000;
// Nodes that cost cores: all that exist or are being made.
const COUNTED = new Set(['preparing', 'idle', 'running', 'leaving', 'unusable']);

/** The pool that low-priority nodes of every family share. */
export function lowPriorityPool(clusters: readonly Cluster[], limitOf: LimitOf): Pool {
  return {
    name: 'TotalLowPriorityCores',
    localizedName: 'Total Cluster LowPriority Regional vCPUs',
    limit: limitOf('TotalLowPriorityCores', LOW_PRIORITY),
    inUse: cores(clusters.filter((cluster) => cluster.vmPriority === 'LowPriority')),
  };
}

/** The regional pool of dedicated nodes. */
export function dedicatedPool(clusters: readonly Cluster[], limitOf: LimitOf): Pool {
  return {
    name: 'TotalDedicatedCores',
    localizedName: 'Total Cluster Dedicated Regional vCPUs',
    limit: limitOf('TotalDedicatedCores', REGIONAL_DEDICATED),
    inUse: cores(clusters.filter((cluster) => cluster.vmPriority !== 'LowPriority')),
  };
}

/** The pools of dedicated nodes by family of size. */
export function familyPools(clusters: readonly Cluster[], limitOf: LimitOf): Pool[] {
  const families = [...new Set(SIZES.map((size) => size.family))];
  return families.map((family) => ({
    name: family,
    localizedName: `${familyTitle(family)} Cluster Dedicated vCPUs`,
    limit: limitOf(family, FAMILY_LIMIT),
    inUse: cores(
      clusters.filter((cluster) => cluster.vmPriority !== 'LowPriority' && findSize(cluster.vmSize)?.family === family),
    ),
  }));
}

/** The pools that a further node of a cluster would draw from. */
export function poolsOf(cluster: Cluster, clusters: readonly Cluster[], limitOf: LimitOf): Pool[] {
  if (cluster.vmPriority === 'LowPriority') return [lowPriorityPool(clusters, limitOf)];
  const family = findSize(cluster.vmSize)?.family;
  return [dedicatedPool(clusters, limitOf), ...familyPools(clusters, limitOf).filter((pool) => pool.name === family)];
}

function cores(clusters: readonly Cluster[]): number {
  return clusters.reduce((sum, cluster) => {
    const nodes = cluster.nodes.filter((node) => COUNTED.has(node.state)).length;
    return sum + nodes * (findSize(cluster.vmSize)?.vCPUs ?? 0);
  }, 0);
}

// "standardDSv2Family" is shown as "Standard DSv2 Family"; names with spaces are shown with doubled ones, as recorded.
function familyTitle(family: string): string {
  const inner = family.replace(/^standard ?/i, '').replace(/ ?Family$/, '');
  return family.includes(' ') ? `Standard  ${inner}  Family` : `Standard ${inner} Family`;
}
