import type { Cluster, NodeState } from '../entities/cluster.js';
import { timestamp } from '../timestamps.js';
import type { World } from '../world.js';
import { computeResource } from './envelope.js';

/** The answer to PUT and PATCH: what was asked for, nothing that the cluster does yet. */
export function acceptedBody(world: World, cluster: Cluster, isNew: boolean): object {
  return computeResource(world, cluster, 'AmlCompute', isNew ? 'new' : 'existing', accepted(cluster));
}

/** The answer to GET: defaults filled in, machines counted. A cluster that never came to be shows what was asked for. */
export function computeBody(world: World, cluster: Cluster): object {
  const isThere = cluster.provisioned || cluster.provisioningState === 'Succeeded';
  return computeResource(world, cluster, 'AmlCompute', 'there', isThere ? provisioned(cluster) : accepted(cluster));
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

function accepted(cluster: Cluster): object {
  return {
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
    ...(cluster.osType === null ? {} : { osType: cluster.osType }),
    ...common(cluster),
  };
}

function provisioned(cluster: Cluster): object {
  return {
    vmSize: cluster.vmSize.toUpperCase(),
    vmPriority: cluster.vmPriority ?? 'Dedicated',
    scaleSettings: scale(cluster, 'PT2M'),
    ...userAccount(cluster),
    subnet: cluster.subnet,
    currentNodeCount: cluster.nodes.filter((node) => node.state !== 'preempted').length,
    targetNodeCount: cluster.targetNodes,
    nodeStateCounts: nodeStateCounts(cluster),
    allocationState: cluster.allocationState,
    allocationStateTransitionTime: timestamp(new Date(cluster.transitionAt)),
    errors: cluster.errors,
    remoteLoginPortPublicAccess: cluster.remoteLogin === 'NotSpecified' ? 'Enabled' : cluster.remoteLogin,
    osType: cluster.osType ?? 'Linux',
    ...common(cluster),
    propertyBag: {},
  };
}

function common(cluster: Cluster): object {
  const { virtualMachineImage, isolatedNetwork, enableNodePublicIp, enableBatchPrivateLink } = cluster;
  return {
    virtualMachineImage,
    isolatedNetwork,
    ...(enableNodePublicIp === null ? {} : { enableNodePublicIp }),
    ...(enableBatchPrivateLink === null ? {} : { enableBatchPrivateLink }),
  };
}

// A password is never shown; without an account there is no member.
function userAccount({ userAccount: account }: Cluster): object {
  if (account === null) return {};
  const { adminUserName, adminUserSshPublicKey } = account;
  return { userAccountCredentials: { adminUserName, adminUserPassword: null, adminUserSshPublicKey } };
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
