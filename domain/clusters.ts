import type { RunConfig } from './config.js';

/** A cluster that jobs of a run can go to. */
export type ClusterConfig = Omit<RunConfig['cluster'], 'alternatives'> & {
  /** By contract; absent: as read. Of the config's own cluster it stands in `cost`. */
  readonly pricePerNodeHour?: number | undefined;
};

type Clusters = Pick<RunConfig, 'cluster'>;

/** The config's own cluster first, then the alternatives in their order, with what they leave to it filled in. */
export function clustersOf({ cluster }: Clusters): readonly [ClusterConfig, ...ClusterConfig[]] {
  const { alternatives = [], ...own } = cluster;
  const others = alternatives.map((one) => {
    const { name, sku, priority, nodes = own.nodes, processesPerNode = own.processesPerNode, pricePerNodeHour } = one;
    const { idleSecondsBeforeScaleDown } = own;
    return { name, sku, priority, nodes, processesPerNode, idleSecondsBeforeScaleDown, pricePerNodeHour };
  });
  return [own, ...others];
}

/** The cluster of that name; the config's own where none is named, or none of that name is left in it. */
export function clusterNamed(config: Clusters, name: string | undefined): ClusterConfig {
  const all = clustersOf(config);
  return all.find((one) => one.name === name) ?? all[0];
}

/** Where a deadline leads; null where every cluster is preemptible. */
export function dedicatedCluster(config: Clusters): ClusterConfig | null {
  return clustersOf(config).find(({ priority }) => priority === 'dedicated') ?? null;
}
