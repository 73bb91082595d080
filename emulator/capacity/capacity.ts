import type { Cluster, ErrorItem } from '../entities/cluster.js';
import { availableAt } from '../evictions/series.js';
import { poolsOf, type LimitOf } from '../locations/quotas.js';
import { findSize } from '../locations/sizes.js';
import { globTest } from '../scenario/glob.js';
import type { CapacityItem } from '../scenario/language/capacity.js';
import type { Scripts } from '../scenario/scripts.js';
import { minNodesExceedQuota, namedError, outOfCapacity, quotaReached, sizeRefused } from './errors.js';

type ItemOf<Kind extends CapacityItem['kind']> = Extract<CapacityItem, { kind: Kind }>;

/** How many nodes a cluster gets now, and what it says about itself. */
export interface Allotment {
  nodes: number;
  errors: ErrorItem[];
}

/** What clusters may have: quotas, machines, sizes, and what scenarios make of them. */
export class Capacity {
  /** @param quotaUrl where a person asks for more quota */
  constructor(
    private readonly scripts: Scripts,
    private readonly quotaUrl: string,
  ) {}

  /** The limit of a quota pool now. */
  readonly limitOf: LimitOf = (pool, usual) => {
    const items = this.items('quota').filter((item) => item.pool.toLowerCase() === pool.toLowerCase());
    return Math.min(usual, ...items.map(({ cores }) => cores));
  };

  /** How many of the nodes that are missing a cluster gets. @param clusters all of them, for the quotas that they share */
  allot(cluster: Cluster, missing: number, clusters: readonly Cluster[]): Allotment {
    const refused = this.isRefused(cluster) ? [sizeRefused(cluster)] : [];
    const there = cluster.nodes.filter(({ state }) => state !== 'preempted' && state !== 'leaving').length;
    const machines = Math.max(0, this.mostNodes(cluster) - there);
    const quota = this.quotaFor(cluster, missing, clusters);
    const nodes = refused.length > 0 ? 0 : Math.min(missing, machines, quota.nodes);
    const short = refused.length === 0 && machines < missing && machines <= quota.nodes ? [outOfCapacity(cluster)] : [];
    return { nodes, errors: [...refused, ...short, ...quota.errors, ...this.otherErrors(cluster)] };
  }

  /** Why a cluster cannot be made; only dedicated ones are checked against the quota when they are, as recorded. */
  obstacle(cluster: Cluster, clusters: readonly Cluster[]): ErrorItem | null {
    if (cluster.vmPriority === 'LowPriority') return null;
    const nodes = Math.max(1, cluster.minNodes);
    const cores = nodes * (findSize(cluster.vmSize)?.vCPUs ?? 1);
    const tight = poolsOf(cluster, clusters, this.limitOf).find(({ limit }) => limit < cores);
    return tight === undefined ? null : minNodesExceedQuota(tight, nodes, cores);
  }

  /** How many nodes the recorded series leave a cluster; Infinity without one. */
  traced(cluster: string): number {
    const counts = this.scripts.inForce('evictions').map((entry) => {
      const { item, script, key } = entry;
      const series = script.series[key];
      if (item.kind !== 'trace' || series === undefined || !fits(item.cluster, cluster)) return Infinity;
      return availableAt(series, item.offset + this.scripts.elapsed(entry) - item.from, item.scale);
    });
    return Math.min(Infinity, ...counts);
  }

  private mostNodes(cluster: Cluster): number {
    const items = this.items('nodes').filter((item) => {
      return fits(item.cluster, cluster.name) && fits(item.vmSize, cluster.vmSize) && hasPriority(cluster, item);
    });
    return Math.min(this.traced(cluster.name), ...items.map(({ nodes }) => nodes));
  }

  private quotaFor(cluster: Cluster, missing: number, clusters: readonly Cluster[]): Allotment {
    const vCPUs = findSize(cluster.vmSize)?.vCPUs ?? 1;
    const pools = poolsOf(cluster, clusters, this.limitOf);
    const tight = pools.reduce((least, pool) => (pool.limit - pool.inUse < least.limit - least.inUse ? pool : least));
    const nodes = Math.max(0, Math.floor((tight.limit - tight.inUse) / vCPUs));
    return { nodes, errors: nodes < missing ? [quotaReached(tight, missing * vCPUs, this.quotaUrl)] : [] };
  }

  private isRefused(cluster: Cluster): boolean {
    const size = findSize(cluster.vmSize);
    if (cluster.vmPriority === 'LowPriority' && size?.lowPriorityCapable === false) return true;
    return this.items('refused').some((item) => fits(item.vmSize, cluster.vmSize) && hasPriority(cluster, item));
  }

  private otherErrors(cluster: Cluster): ErrorItem[] {
    const items = this.items('error').filter((item) => fits(item.cluster, cluster.name));
    return items.map(({ code, message }) => namedError(code, message, cluster));
  }

  private items<Kind extends CapacityItem['kind']>(kind: Kind): ItemOf<Kind>[] {
    return this.scripts
      .inForce('capacity')
      .map(({ item }) => item)
      .filter((item): item is ItemOf<Kind> => item.kind === kind);
  }
}

function fits(pattern: string, name: string): boolean {
  return globTest(pattern.toLowerCase())(name.toLowerCase());
}

function hasPriority(cluster: Cluster, { priority }: { priority?: 'LowPriority' | 'Dedicated' | undefined }): boolean {
  return priority === undefined || priority === (cluster.vmPriority ?? 'Dedicated');
}
