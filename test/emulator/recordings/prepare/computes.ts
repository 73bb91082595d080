import type { Cluster, ClusterNode, NodeState } from '../../../../emulator/entities/cluster.js';
import type { Json } from '../../support/json.js';
import type { Stage } from '../stage.js';
import type { Prepare } from './prepare.js';

/** Longer than any operation on a compute, shorter than an idle node lasts. */
const A_WHILE_SECONDS = 1;

/** A compute that the recording did not make itself is there as the answer shows it; its nodes are as they were. */
export const prepareCompute: Prepare = async (stage, exchange, [name = '']) => {
  if (exchange.status >= 300) return;
  const isNew = exchange.method === 'PUT' && exchange.body.properties.resourceId === null;
  if (isNew) return;
  const isSeen = exchange.method === 'GET';
  await placeCompute(stage, name, isSeen || exchange.method === 'PUT' ? exchange.body : undefined, isSeen);
};

/** All computes of a list are there. */
export const prepareComputes: Prepare = async (stage, exchange) => {
  for (const item of exchange.body.value) await placeCompute(stage, item.name, item, true);
};

/**
 * Puts a compute into the state shown, or one of which nothing is known into any.
 *
 * @param isSeen whether it is shown as it is, and not as it was asked for
 */
export async function placeCompute(stage: Stage, name: string, shown: Json, isSeen: boolean): Promise<void> {
  const { world, clock } = stage;
  const isOwn = stage.made.has(`${stage.base}/computes/${name}`.toLowerCase());
  if (isOwn) {
    if (shown?.properties.provisioningState === 'Succeeded') clock.pass(A_WHILE_SECONDS);
  } else if (shown?.properties.computeType === 'ComputeInstance') {
    await makeInstance(stage, name, shown);
  } else {
    world.clusters.save({ ...clusterFrom(name, shown), ...(isSeen ? {} : { provisioned: true }) });
  }
  const cluster = world.clusters.get(name);
  if (cluster !== undefined && isSeen) world.clusters.save(Object.assign(cluster, nodesFrom(shown)));
}

async function makeInstance(stage: Stage, name: string, shown: Json): Promise<void> {
  const { vmSize, subnet, applicationSharingPolicy, computeInstanceAuthorizationType } = shown.properties.properties;
  const properties = { vmSize, subnet, applicationSharingPolicy, computeInstanceAuthorizationType };
  await stage.call('PUT', `${stage.base}/computes/${name}?api-version=2024-04-01`, {
    location: shown.location,
    identity: shown.identity,
    properties: { computeType: 'ComputeInstance', description: shown.properties.description, properties },
  });
  stage.clock.pass(A_WHILE_SECONDS);
}

function clusterFrom(name: string, shown: Json): Cluster {
  const outer = shown?.properties;
  const inner = outer?.properties;
  const now = new Date().toISOString();
  return {
    name,
    job: null,
    location: shown?.location ?? 'eastus',
    computeLocation: outer?.computeLocation ?? null,
    tags: shown?.tags ?? null,
    identity: shown?.identity ?? null,
    description: outer?.description ?? null,
    createdAt: outer?.createdOn ?? now,
    modifiedAt: outer?.modifiedOn ?? now,
    provisioningState: outer?.provisioningState ?? 'Succeeded',
    provisioningErrors: outer?.provisioningErrors ?? null,
    provisioningWarnings: outer?.provisioningWarnings,
    provisioned: inner?.nodeStateCounts !== null,
    disableLocalAuth: outer?.disableLocalAuth ?? false,
    vmSize: inner?.vmSize ?? 'Standard_DS3_v2',
    vmPriority: inner?.vmPriority ?? null,
    minNodes: inner?.scaleSettings.minNodeCount ?? 0,
    maxNodes: inner?.scaleSettings.maxNodeCount ?? 4,
    idleTime: inner?.scaleSettings.nodeIdleTimeBeforeScaleDown ?? null,
    osType: inner?.osType ?? null,
    remoteLogin: inner?.remoteLoginPortPublicAccess ?? 'NotSpecified',
    enableNodePublicIp: inner?.enableNodePublicIp ?? null,
    enableBatchPrivateLink: inner?.enableBatchPrivateLink ?? null,
    userAccount: inner?.userAccountCredentials ?? null,
    virtualMachineImage: null,
    subnet: inner?.subnet ?? null,
    isolatedNetwork: inner?.isolatedNetwork ?? false,
    targetNodes: 0,
    allocationState: 'Steady',
    transitionAt: now,
    errors: null,
    nodes: [],
  };
}

function nodesFrom(shown: Json): Partial<Cluster> {
  const inner = shown.properties.properties;
  if (inner.nodeStateCounts === null) return {};
  const counted = Object.entries(inner.nodeStateCounts as Record<string, number>);
  const nodes = counted.flatMap(([field, count]) =>
    Array.from({ length: count }, (_, index) => node(field.replace('NodeCount', '') as NodeState, index)),
  );
  return {
    nodes,
    targetNodes: inner.targetNodeCount,
    allocationState: inner.allocationState,
    transitionAt: inner.allocationStateTransitionTime,
    errors: inner.errors,
  };
}

function node(state: NodeState, index: number): ClusterNode {
  const since = new Date().toISOString();
  return { nodeId: `tvmps_${state}${index}_d`, state, runId: null, privateIpAddress: '10.0.0.4', port: 50_000, since };
}
