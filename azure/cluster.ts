import type { AmlCompute, AmlComputeNodeInformation } from '@azure/arm-machinelearning';
import type { AzureConnection } from './connection.js';
import { AzureError, calling, orNull } from './errors.js';

export interface ClusterSpec {
  readonly name: string;
  readonly region: string;
  readonly sku: string;
  readonly priority: 'low_priority' | 'dedicated';
  readonly maxNodes: number;
  readonly idleSecondsBeforeScaleDown: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Cluster {
  readonly name: string;
  readonly sku: string;
  readonly priority: 'low_priority' | 'dedicated';
  readonly maxNodes: number;
  readonly provisioningState: string;
  readonly nodes: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Codes and messages inside a cluster that claims to be fine: the only place where a lack of capacity shows. */
  readonly errors: readonly string[];
}

/** Reads a cluster; null where it does not exist. */
export async function getCluster(azure: AzureConnection, name: string): Promise<Cluster | null> {
  const { resourceGroup, workspace } = azure.target;
  const found = await orNull(
    calling(`reading cluster ${name}`, () => azure.ml.computeOperations.get(resourceGroup, workspace, name)),
  );
  if (found === null) return null;
  const compute = found.properties as AmlCompute | undefined;
  if (compute?.computeType !== 'AmlCompute')
    throw new AzureError(
      'permanent',
      `compute ${name} is a ${compute?.computeType ?? 'thing'}, not an AmlCompute cluster; choose another cluster.name`,
    );
  const properties = compute.properties;
  const inside = [...(compute.provisioningErrors ?? []), ...(properties?.errors ?? [])];
  return {
    name,
    sku: properties?.vmSize ?? '',
    priority: properties?.vmPriority === 'LowPriority' ? 'low_priority' : 'dedicated',
    maxNodes: properties?.scaleSettings?.maxNodeCount ?? 0,
    provisioningState: compute.provisioningState ?? 'Unknown',
    nodes: properties?.currentNodeCount ?? 0,
    tags: found.tags ?? {},
    errors: inside.map((item) => `${item.error?.code ?? 'Error'}: ${item.error?.message ?? ''}`),
  };
}

/** Creates a cluster that scales from zero. PUT is idempotent by name; call only where none exists: an existing one would be changed. */
export async function createCluster(azure: AzureConnection, spec: ClusterSpec, signal?: AbortSignal): Promise<void> {
  const { resourceGroup, workspace } = azure.target;
  await calling(`creating cluster ${spec.name}`, () =>
    azure.ml.computeOperations.beginCreateOrUpdateAndWait(
      resourceGroup,
      workspace,
      spec.name,
      {
        location: spec.region,
        tags: { ...spec.tags },
        // Identity-based access to the datastore: the cluster's own identity reads and writes the container.
        identity: { type: 'SystemAssigned' },
        properties: {
          computeType: 'AmlCompute',
          properties: {
            osType: 'Linux',
            vmSize: spec.sku,
            vmPriority: spec.priority === 'low_priority' ? 'LowPriority' : 'Dedicated',
            scaleSettings: {
              minNodeCount: 0,
              maxNodeCount: spec.maxNodes,
              nodeIdleTimeBeforeScaleDown: `PT${spec.idleSecondsBeforeScaleDown}S`,
            },
          },
        },
      },
      { updateIntervalInMs: 1_000, ...(signal === undefined ? {} : { abortSignal: signal }) },
    ),
  );
}

/** Deletes a cluster with its nodes and waits until Azure says that it is gone. Safe to repeat; one that is not there is left alone. Jobs on it are canceled by Azure. */
export async function deleteCluster(azure: AzureConnection, name: string, signal?: AbortSignal): Promise<void> {
  const { resourceGroup, workspace } = azure.target;
  const options = { updateIntervalInMs: 1_000, ...(signal === undefined ? {} : { abortSignal: signal }) };
  await orNull(
    calling(`deleting cluster ${name}`, () =>
      azure.ml.computeOperations.beginDeleteAndWait(resourceGroup, workspace, name, 'Delete', options),
    ),
  );
}

export interface ClusterNode {
  readonly id: string;
  readonly state: string;
  readonly jobName: string | null;
}

/** Nodes of a cluster, preempted ones included; empty where the cluster does not exist. */
export async function listNodes(azure: AzureConnection, cluster: string): Promise<ClusterNode[]> {
  const { resourceGroup, workspace } = azure.target;
  const listing = calling(`listing nodes of ${cluster}`, async () => {
    const nodes: AmlComputeNodeInformation[] = [];
    for await (const node of azure.ml.computeOperations.listNodes(resourceGroup, workspace, cluster)) nodes.push(node);
    return nodes;
  });
  const nodes = (await orNull(listing)) ?? [];
  return nodes.map((node) => ({
    id: node.nodeId ?? '?',
    state: node.nodeState ?? 'unknown',
    jobName: node.runId ?? null,
  }));
}
