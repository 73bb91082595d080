/** A VM size as the workspace's region offers it (locations/{location}/vmSizes). Prices per node and hour. */
export interface VmSize {
  readonly name: string;
  readonly family: string;
  readonly vCpus: number;
  readonly gpus: number;
  readonly lowPriorityCapable: boolean;
  readonly currency: string;
  readonly pricePerHour: { readonly dedicated: number | null; readonly lowPriority: number | null };
}

/** A row of locations/{location}/usages, in cores. */
export interface CoreUsage {
  readonly scope: 'regional-low-priority' | 'regional-dedicated' | 'family-dedicated' | 'cluster';
  /** Family of a `family-dedicated` row, lower case; empty otherwise. */
  readonly family: string;
  readonly label: string;
  readonly inUse: number;
  readonly limit: number;
}

export interface CapacityQuestion {
  readonly region: string;
  readonly size: VmSize | null;
  readonly sku: string;
  readonly priority: 'low_priority' | 'dedicated';
  readonly nodes: number;
  readonly usages: readonly CoreUsage[];
  /** Nodes that the cluster of the config holds already: their cores are in `inUse`. */
  readonly nodesHeld: number;
}

/** What stands in the way of the cluster, one sentence each; empty where nothing does. */
export function capacityProblems(question: CapacityQuestion): string[] {
  const { size, sku, region, priority } = question;
  if (size === null)
    return [
      `cluster.sku ${sku} is not offered in ${region}; choose another SKU ("az ml compute list-sizes" lists them)`,
    ];
  if (priority === 'low_priority' && !size.lowPriorityCapable) {
    return [
      `cluster.sku ${sku} is not offered as low priority in ${region}; set cluster.priority to dedicated or choose another SKU`,
    ];
  }
  const needed = size.vCpus * Math.max(0, question.nodes - question.nodesHeld);
  const counted = priority === 'low_priority' ? ['regional-low-priority'] : ['regional-dedicated', 'family-dedicated'];
  return question.usages
    .filter(
      (usage) => counted.includes(usage.scope) && (usage.family === '' || usage.family === size.family.toLowerCase()),
    )
    .filter((usage) => usage.inUse + needed > usage.limit)
    .map((usage) => shortfall(question, size, usage, needed));
}

function shortfall(question: CapacityQuestion, size: VmSize, usage: CoreUsage, needed: number): string {
  const wanted = usage.inUse + needed;
  return (
    `too little quota in ${question.region}: ${usage.label} (family ${size.family}) needs ${needed} more cores for ${question.nodes} x ${size.name}, ` +
    `${usage.inUse} of ${usage.limit} are in use. File a request: "Azure portal > Quotas > Machine learning > ${question.region} > ${usage.label}: new limit ${wanted}"`
  );
}
