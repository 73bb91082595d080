import type { AzureConnection } from '../azure/connection.js';
import { type Cluster, getCluster } from '../azure/cluster.js';
import { getVmSize } from '../azure/workspace.js';
import { type ClusterConfig, clustersOf } from '../domain/clusters.js';
import type { RunConfig } from '../domain/config.js';
import { type CoreUsage, capacityProblems } from '../domain/quota.js';
import { type PriceFound, budgetProblems, priceOfNode } from './price.js';

/** What a preflight finds of the clusters that the run may go to besides its own. */
export interface Alternatives {
  /** A node's price an hour by name of the cluster, in the currency of the run; null where none is known in it. */
  readonly prices: Readonly<Record<string, number | null>>;
  readonly problems: readonly string[];
}

/** Looks at every alternative as at the config's own cluster: better to know now than when it is needed. @param currency of the run */
export async function lookAtAlternatives(
  azure: AzureConnection,
  config: RunConfig,
  { region, usages, currency }: { region: string; usages: readonly CoreUsage[]; currency: string },
): Promise<Alternatives> {
  const prices: Record<string, number | null> = {};
  const problems: string[] = [];
  for (const cluster of clustersOf(config).slice(1)) {
    const { name, sku, priority, nodes } = cluster;
    const asIfOwn = { ...config, cluster, cost: costOf(config, cluster) };
    const size = await getVmSize(azure, region, sku);
    const existing = await getCluster(azure, name);
    const price = await priceOfNode(azure, asIfOwn, region, size);
    prices[name] = price.currency === currency ? price.perHour : null;
    const found = [
      ...capacityProblems({ region, size, sku, priority, nodes, usages, nodesHeld: existing?.nodes ?? 0 }),
      ...clusterProblems(cluster, existing),
      ...priceProblems(asIfOwn, price),
    ];
    problems.push(...found.map((problem) => `cluster.alternatives, ${name}: ${problem}`));
  }
  return { prices, problems };
}

/** What the config says of the price is about its own cluster. */
function costOf({ cost }: RunConfig, { pricePerNodeHour }: ClusterConfig): RunConfig['cost'] {
  if (cost === undefined && pricePerNodeHour === undefined) return undefined;
  const { pricePerNodeHour: _own, ...others } = cost ?? { currency: 'USD' };
  return { ...others, ...(pricePerNodeHour === undefined ? {} : { pricePerNodeHour }) };
}

/** A price that the alternative has of its own stands beside it, not in `cost`. */
const priceProblems = (config: RunConfig, price: PriceFound): string[] =>
  budgetProblems(config, price).map((problem) => problem.replaceAll('cost.pricePerNodeHour', 'its pricePerNodeHour'));

/** Where a cluster that exists is another than the config says. */
export function clusterProblems(
  { name, sku, priority, nodes }: Pick<ClusterConfig, 'name' | 'sku' | 'priority' | 'nodes'>,
  existing: Cluster | null,
): string[] {
  if (existing === null) return [];
  const problems: string[] = [];
  if (existing.sku.toLowerCase() !== sku.toLowerCase())
    problems.push(
      `cluster ${name} exists with ${existing.sku}, the config says ${sku}; change cluster.sku or cluster.name`,
    );
  if (existing.priority !== priority)
    problems.push(
      `cluster ${name} exists with priority ${existing.priority}, the config says ${priority}; change cluster.priority or cluster.name`,
    );
  if (existing.maxNodes < nodes)
    problems.push(
      `cluster ${name} exists and scales to ${existing.maxNodes} nodes at most, the config needs ${nodes}; change cluster.nodes or cluster.name`,
    );
  return problems;
}
