import type { Cluster } from '../entities/cluster.js';
import type { Instance } from '../entities/instance.js';
import { Fault, mfeFault } from '../http/fault.js';
import { invalidFields, notEmulated } from '../http/invalid.js';
import { page } from '../http/page.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { patchCluster, putCluster, removeCluster } from './change.js';
import { instances, moveInstance, putInstance, removeInstance } from './instances/instances.js';
import { instanceBody } from './instances/wire.js';
import { computeBody, nodesBody } from './wire.js';

const COMPUTE = `${WORKSPACE}/computes/:compute`;
const PAGE = 100;
const answer = 'ComputeResource';

/** Computes: AmlCompute clusters, on which jobs run, and compute instances, which are only there. */
export const computeRoutes: readonly Route[] = [
  { method: 'GET', path: `${WORKSPACE}/computes`, guard: 'arm', title: 'All computes', answer, handle: list },
  {
    method: 'PUT',
    path: COMPUTE,
    guard: 'arm',
    title: 'Create or update a cluster or a compute instance',
    request: answer,
    answer,
    handle: put,
  },
  { method: 'GET', path: COMPUTE, guard: 'arm', title: 'A cluster or compute instance', answer, handle: get },
  {
    method: 'PATCH',
    path: COMPUTE,
    guard: 'arm',
    title: 'Change the scale settings of a cluster',
    request: 'ClusterUpdateParameters',
    answer,
    handle: (call) => patchCluster(call, existingCluster(call)),
  },
  { method: 'DELETE', path: COMPUTE, guard: 'arm', title: 'Delete a cluster or compute instance', handle: remove },
  {
    method: 'POST',
    path: `${COMPUTE}/listNodes`,
    guard: 'arm',
    title: 'Nodes of a cluster',
    handle: (call) => ok(nodesBody(existingCluster(call))),
  },
  ...(['start', 'stop', 'restart'] as const).map((step): Route => ({
    method: 'POST',
    path: `${COMPUTE}/${step}`,
    guard: 'arm',
    title: `Ask a compute instance to ${step}`,
    handle: (call) => moveInstance(call, existingInstance(call), step),
  })),
];

function list(call: Call): Reply {
  const { world } = call;
  const type = call.query.get('computeType');
  const all = [
    ...world.clusters.shown().map((cluster) => ({ type: 'AmlCompute', body: () => computeBody(world, cluster) })),
    ...instances(world)
      .all()
      .map((instance) => ({ type: 'ComputeInstance', body: () => instanceBody(world, instance) })),
  ];
  const shown = page(
    call,
    all.filter((compute) => type === null || compute.type === type),
    PAGE,
  );
  return ok({ ...shown, value: shown.value.map(({ body }) => body()) });
}

function put(call: Call): Reply {
  const type = (call.body as { properties?: { computeType?: unknown } } | undefined)?.properties?.computeType;
  if (type === 'AmlCompute') return putCluster(call);
  if (type === 'ComputeInstance') return putInstance(call);
  if (typeof type !== 'string') throw invalidFields(['properties.computeType is missing.']);
  throw notEmulated(`computes of type ${type}, only AmlCompute and ComputeInstance`);
}

function get(call: Call): Reply {
  const found = existing(call);
  return ok('nodes' in found ? computeBody(call.world, found) : instanceBody(call.world, found));
}

function remove(call: Call): Reply {
  const found = existing(call);
  return 'nodes' in found ? removeCluster(call, found) : removeInstance(call, found);
}

function existingCluster(call: Call): Cluster {
  const found = existing(call);
  if ('nodes' in found) return found;
  throw wrongKind(found.name, 'a compute instance, not a cluster');
}

function existingInstance(call: Call): Instance {
  const found = existing(call);
  if (!('nodes' in found)) return found;
  throw wrongKind(found.name, 'a cluster, not a compute instance');
}

// An unknown compute is a 404 with an empty body, as recorded six times out of six.
function existing(call: Call): Cluster | Instance {
  const name = param(call, 'compute');
  const cluster = call.world.clusters.get(name);
  const found = cluster?.job === null ? cluster : instances(call.world).get(name);
  if (found !== undefined) return found;
  throw new Fault(404, `Compute ${name} not found.`, () => undefined, { 'x-ms-response-type': 'standard' });
}

function wrongKind(name: string, is: string): Fault {
  return mfeFault(400, { message: `The compute ${name} is ${is}.`, inner: ['BadArgument'] });
}
