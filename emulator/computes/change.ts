import type { Cluster, ClusterSettings } from '../entities/cluster.js';
import { param, type Call, type Reply } from '../http/route.js';
import { speaksSince } from '../versions/since.js';
import type { World } from '../world.js';
import { startOperation } from './operations.js';
import { readCluster, readScale, type Wanted } from './request.js';
import { acceptedBody } from './wire.js';

// The first api-version that was recorded with enableBatchPrivateLink and provisioningWarnings.
const MODERN = '2023-08';

/** Makes a cluster, or changes one: 201 in both cases, as recorded. */
export function putCluster(call: Call): Reply {
  const { world } = call;
  const name = param(call, 'compute');
  const wanted = readCluster(call.body);
  const before = world.clusters.get(name);
  const now = world.clock.now().toISOString();
  const isModern = speaksSince(call, MODERN);
  const settings = before === undefined ? newSettings(world, wanted, isModern) : changed(before, wanted);
  const cluster: Cluster = Object.assign(before ?? newCluster(name, now, settings, isModern), settings, {
    modifiedAt: now,
    provisioningState: 'Creating' as const,
  });
  world.clusters.save(cluster);
  const headers = startOperation(call, name, () => world.clusters.provisioned(name));
  return { status: 201, headers, body: acceptedBody(world, cluster, before === undefined) };
}

/** Changes the scale settings of a cluster. */
export function patchCluster(call: Call, cluster: Cluster): Reply {
  const { world } = call;
  Object.assign(cluster, readScale(call.body), {
    modifiedAt: world.clock.now().toISOString(),
    provisioningState: 'Updating' as const,
  });
  world.clusters.save(cluster);
  const headers = startOperation(call, cluster.name, () => world.clusters.provisioned(cluster.name));
  return { status: 202, headers, body: acceptedBody(world, cluster, false) };
}

/** Takes a cluster down, with the jobs on it. */
export function removeCluster(call: Call, cluster: Cluster): Reply {
  const { world } = call;
  cluster.provisioningState = 'Deleting';
  world.clusters.save(cluster);
  world.jobs.cancelOn(cluster.name, `The compute ${cluster.name} was deleted.`);
  const headers = startOperation(call, cluster.name, () => {
    world.clusters.delete(cluster.name);
    return null;
  });
  return { status: 202, headers };
}

function newSettings(world: World, wanted: Wanted, isModern: boolean): ClusterSettings {
  const location = wanted.location ?? world.options.region;
  return { ...wanted, location, enableBatchPrivateLink: isModern ? false : null };
}

// What was filled in at the first time stays when it is not sent again.
function changed(before: Cluster, wanted: Wanted): ClusterSettings {
  return {
    ...wanted,
    location: before.location,
    computeLocation: before.computeLocation,
    vmPriority: wanted.vmPriority ?? before.vmPriority ?? 'Dedicated',
    osType: wanted.osType ?? before.osType,
    enableNodePublicIp: wanted.enableNodePublicIp ?? before.enableNodePublicIp,
    userAccount: wanted.userAccount ?? before.userAccount,
    enableBatchPrivateLink: before.enableBatchPrivateLink,
  };
}

function newCluster(name: string, now: string, settings: ClusterSettings, isModern: boolean): Cluster {
  return {
    name,
    job: null,
    ...settings,
    createdAt: now,
    modifiedAt: now,
    provisioningState: 'Creating',
    provisioningErrors: null,
    provisioningWarnings: isModern ? null : undefined,
    provisioned: false,
    targetNodes: 0,
    allocationState: 'Steady',
    transitionAt: now,
    errors: null,
    nodes: [],
  };
}
