import type { Cluster, NodeState } from '../entities/cluster.js';
import { timestamp } from '../timestamps.js';
import { workspacePath, type World } from '../world.js';

/** The answer to PUT and PATCH: what was asked for, nothing that the cluster does yet. */
export function acceptedBody(world: World, cluster: Cluster, isNew: boolean): object {
  const { subscription, resourceGroup, workspace } = world.options;
  const batch = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.BatchAI/workspaces/${workspace}/clusters/${cluster.name}`;
  return {
    ...envelope(world, cluster),
    tags: isNew ? null : (cluster.tags ?? {}),
    properties: {
      ...outer(cluster, isNew ? null : batch, isNew ? {} : { computeLocation: cluster.location }),
      properties: {
        vmSize: cluster.vmSize.toUpperCase(),
        vmPriority: cluster.vmPriority,
        scaleSettings: scale(cluster, null),
        subnet: cluster.subnet,
        currentNodeCount: null,
        targetNodeCount: null,
        nodeStateCounts: null,
        allocationState: null,
        errors: null,
        remoteLoginPortPublicAccess: cluster.remoteLogin,
        osType: cluster.osType,
        virtualMachineImage: null,
        isolatedNetwork: cluster.isolatedNetwork,
        enableNodePublicIp: cluster.enableNodePublicIp,
        enableBatchPrivateLink: false,
      },
    },
  };
}

/** The answer to GET: defaults filled in, machines counted. */
export function computeBody(world: World, cluster: Cluster): object {
  if (cluster.provisioningState === 'Failed') return failedBody(world, cluster);
  return {
    ...envelope(world, cluster),
    tags: cluster.tags ?? {},
    properties: {
      ...outer(cluster, null, { computeLocation: cluster.location }),
      properties: {
        vmSize: cluster.vmSize.toUpperCase(),
        vmPriority: cluster.vmPriority ?? 'Dedicated',
        scaleSettings: scale(cluster, 'PT2M'),
        subnet: cluster.subnet,
        currentNodeCount: cluster.nodes.filter((node) => node.state !== 'preempted').length,
        targetNodeCount: cluster.targetNodes,
        nodeStateCounts: nodeStateCounts(cluster),
        allocationState: cluster.allocationState,
        allocationStateTransitionTime: timestamp(new Date(cluster.transitionAt)),
        errors: cluster.errors,
        remoteLoginPortPublicAccess: cluster.remoteLogin === 'NotSpecified' ? 'Enabled' : cluster.remoteLogin,
        osType: cluster.osType,
        virtualMachineImage: null,
        isolatedNetwork: cluster.isolatedNetwork,
        enableNodePublicIp: cluster.enableNodePublicIp,
        enableBatchPrivateLink: false,
        propertyBag: {},
      },
    },
  };
}

/** The answer to listNodes. No recording shows one with nodes in it; the fields are those of the schema. */
export function nodesBody(cluster: Cluster): object {
  return {
    computeType: 'AmlCompute',
    nodes: cluster.nodes.map((node) => ({
      nodeId: node.nodeId,
      privateIpAddress: node.privateIpAddress,
      publicIpAddress: null,
      port: node.port,
      nodeState: node.state,
      runId: node.runId,
    })),
  };
}

// Recorded: a cluster that could not be made answers what was asked for, like the PUT.
function failedBody(world: World, cluster: Cluster): object {
  const body = acceptedBody(world, cluster, true) as { properties: object };
  const properties = { ...body.properties, computeLocation: cluster.location };
  return { ...body, tags: cluster.tags ?? {}, properties };
}

function envelope(world: World, cluster: Cluster): object {
  return {
    id: `${workspacePath(world)}/computes/${cluster.name}`,
    name: cluster.name,
    type: 'Microsoft.MachineLearningServices/workspaces/computes',
    location: cluster.location,
  };
}

function outer(cluster: Cluster, resourceId: string | null, location: object): object {
  return {
    createdOn: timestamp(new Date(cluster.createdAt)),
    modifiedOn: timestamp(new Date(cluster.modifiedAt)),
    disableLocalAuth: false,
    description: cluster.description,
    resourceId,
    computeType: 'AmlCompute',
    ...location,
    provisioningState: cluster.provisioningState,
    provisioningErrors: cluster.provisioningErrors,
    provisioningWarnings: null,
    isAttachedCompute: false,
  };
}

function scale(cluster: Cluster, idleDefault: string | null): object {
  return {
    maxNodeCount: cluster.maxNodes,
    minNodeCount: cluster.minNodes,
    nodeIdleTimeBeforeScaleDown: cluster.idleTime ?? idleDefault,
  };
}

function nodeStateCounts(cluster: Cluster): object {
  const count = (state: NodeState): number => cluster.nodes.filter((node) => node.state === state).length;
  return {
    preparingNodeCount: count('preparing'),
    runningNodeCount: count('running'),
    idleNodeCount: count('idle'),
    unusableNodeCount: count('unusable'),
    leavingNodeCount: count('leaving'),
    preemptedNodeCount: count('preempted'),
  };
}
