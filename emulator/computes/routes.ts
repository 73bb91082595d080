import type { Cluster } from '../entities/cluster.js';
import { Fault } from '../http/fault.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import type { World } from '../world.js';
import { startOperation } from './operations.js';
import { readCompute, readScale } from './request.js';
import { acceptedBody, computeBody, nodesBody } from './wire.js';

const COMPUTE = `${WORKSPACE}/computes/:compute`;

/** AmlCompute clusters. */
export const computeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${WORKSPACE}/computes`,
    title: 'List of clusters',
    guard: 'arm',
    answer: 'ComputeResource',
    handle: list,
  },
  {
    method: 'PUT',
    path: COMPUTE,
    title: 'Create or replace a cluster',
    guard: 'arm',
    request: 'ComputeResource',
    answer: 'ComputeResource',
    handle: put,
  },
  {
    method: 'GET',
    path: COMPUTE,
    title: 'Cluster with its counts of nodes and its errors',
    guard: 'arm',
    answer: 'ComputeResource',
    handle: (call) => ok(computeBody(call.world, existing(call))),
  },
  {
    method: 'PATCH',
    path: COMPUTE,
    title: 'Change the scale settings of a cluster',
    guard: 'arm',
    request: 'ClusterUpdateParameters',
    answer: 'ComputeResource',
    handle: patch,
  },
  { method: 'DELETE', path: COMPUTE, title: 'Delete a cluster', guard: 'arm', handle: remove },
  {
    method: 'POST',
    path: `${COMPUTE}/listNodes`,
    title: 'Nodes of a cluster',
    guard: 'arm',
    handle: (call) => ok(nodesBody(existing(call))),
  },
];

function list({ world }: Call): Reply {
  return ok({ value: world.clusters.all().map((cluster) => computeBody(world, cluster)) });
}

function put(call: Call): Reply {
  const { world } = call;
  const name = param(call, 'compute');
  const wanted = readCompute(call.body);
  const before = world.clusters.get(name);
  const now = world.clock.now().toISOString();
  const cluster: Cluster = Object.assign(before ?? emptyCluster(world, name, now), wanted, {
    modifiedAt: now,
    provisioningState: 'Creating' as const,
  });
  world.clusters.save(cluster);
  const headers = startOperation(call, name, () => world.clusters.provisioned(name));
  // 201 for an existing cluster too, as recorded.
  return { status: 201, headers, body: acceptedBody(world, cluster, before === undefined) };
}

function patch(call: Call): Reply {
  const { world } = call;
  const cluster = Object.assign(existing(call), readScale(call.body), {
    modifiedAt: world.clock.now().toISOString(),
    provisioningState: 'Updating' as const,
  });
  world.clusters.save(cluster);
  const headers = startOperation(call, cluster.name, () => world.clusters.provisioned(cluster.name));
  return { status: 202, headers, body: acceptedBody(world, cluster, false) };
}

function remove(call: Call): Reply {
  const { world } = call;
  const cluster = existing(call);
  cluster.provisioningState = 'Deleting';
  world.clusters.save(cluster);
  world.jobs.cancelOn(cluster.name, `The compute ${cluster.name} was deleted.`);
  const headers = startOperation(call, cluster.name, () => {
    world.clusters.delete(cluster.name);
    return null;
  });
  return { status: 202, headers };
}

// An unknown compute is a 404 with an empty body, as recorded six times out of six.
function existing(call: Call): Cluster {
  const name = param(call, 'compute');
  const cluster = call.world.clusters.get(name);
  if (cluster !== undefined) return cluster;
  throw new Fault(404, `Compute ${name} not found.`, () => undefined, { 'x-ms-response-type': 'standard' });
}

function emptyCluster(world: World, name: string, now: string): Cluster {
  return {
    name,
    location: world.options.region,
    tags: null,
    identity: null,
    description: null,
    createdAt: now,
    modifiedAt: now,
    provisioningState: 'Creating',
    provisioningErrors: null,
    vmSize: '',
    vmPriority: null,
    minNodes: 0,
    maxNodes: 1,
    idleTime: null,
    osType: 'Linux',
    remoteLogin: 'NotSpecified',
    enableNodePublicIp: true,
    subnet: null,
    isolatedNetwork: false,
    targetNodes: 0,
    allocationState: 'Steady',
    transitionAt: now,
    errors: null,
    nodes: [],
  };
}
