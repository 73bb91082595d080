import { LOCATION, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { armFault } from '../http/fault.js';
import { workspacePath } from '../world.js';
import { dedicatedPool, familyPools, lowPriorityPool, type Pool } from './quotas.js';
import { SIZES, type Price, type VmSize } from './sizes.js';

const PROVIDER = 'Microsoft.MachineLearningServices';
const CLUSTER_LIMIT = 200;

/** What a region offers and how much of it is taken. */
export const locationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${LOCATION}/usages`,
    guard: 'arm',
    title: 'Cores in use, with their limits',
    handle: (call) => ok({ value: usages(inRegion(call)) }),
  },
  {
    method: 'GET',
    path: `${LOCATION}/quotas`,
    guard: 'arm',
    title: 'Limits of cores',
    handle: (call) => ok({ value: quotas(inRegion(call)) }),
  },
  {
    method: 'GET',
    path: `${LOCATION}/vmSizes`,
    guard: 'arm',
    title: 'Sizes of machines, with their prices',
    handle: listSizes,
  },
];

function inRegion(call: Call): Call {
  const asked = param(call, 'location');
  if (asked.toLowerCase() === call.world.options.region.toLowerCase()) return call;
  throw armFault(
    404,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${asked}': this emulator's region is '${call.world.options.region}'.`,
  );
}

function usages({ world }: Call): object[] {
  const clusters = world.clusters.all();
  const { limitOf } = world.capacity;
  const subscription = `/subscriptions/${world.options.subscription}`;
  const regional = (pool: Pool, type: string): object => usageRow(pool, `${type}/usages`, subscription);
  return [
    regional(
      {
        name: 'TotalClusters',
        localizedName: 'Total Clusters',
        limit: CLUSTER_LIMIT,
        inUse: world.clusters.shown().length,
      },
      'totalClusters',
    ),
    regional(dedicatedPool(clusters, limitOf), 'totalDedicatedCores'),
    regional(lowPriorityPool(clusters, limitOf), 'lowPriorityCores'),
    ...familyPools(clusters, limitOf).map((pool) =>
      usageRow(pool, 'vmFamily/dedicatedCores/usages', `${subscription}/usages/${pool.name.replaceAll(' ', '_')}`),
    ),
  ];
}

function usageRow(pool: Pool, type: string, id: string): object {
  return {
    unit: 'Count',
    currentValue: pool.inUse,
    limit: pool.limit,
    name: { value: pool.name, localizedValue: pool.localizedName },
    type: `${PROVIDER}/${type}`,
    id,
  };
}

function quotas({ world }: Call): object[] {
  const subscription = `/subscriptions/${world.options.subscription}`;
  const row = (pool: Pool, scope: string, id: string, location: string | null): object => ({
    unit: 'Count',
    limit: pool.limit,
    name: { value: pool.name, localizedValue: pool.localizedName },
    type: `${PROVIDER}/${scope}/dedicatedCores/quotas`,
    id: `${id}/quotas/${pool.name.replaceAll(' ', '_')}`,
    location,
  });
  return familyPools(world.clusters.all(), world.capacity.limitOf).flatMap((pool) => [
    row(pool, 'vmFamily', subscription, null),
    row(pool, 'workspaces', workspacePath(world), world.options.region),
  ]);
}

function listSizes(call: Call): Reply {
  inRegion(call);
  return ok({ value: SIZES.map(sizeRow) });
}

function sizeRow(size: VmSize): object {
  return {
    name: size.name,
    family: size.family,
    vCPUs: size.vCPUs,
    gpus: size.gpus,
    osVhdSizeMB: 1_047_552,
    maxResourceVolumeMB: size.diskGB * 1024,
    memoryGB: size.memoryGB,
    lowPriorityCapable: size.lowPriorityCapable,
    premiumIO: size.premiumIO,
    ...(size.price === null ? {} : { estimatedVMPrices: prices(size.price) }),
    supportedComputeTypes: ['AmlCompute', 'ComputeInstance'],
    generation: 'gen1',
    supportsIB: size.supportsIB,
  };
}

function prices({ dedicated, lowPriority, windows }: Price): object {
  const row = (retailPrice: number, osType: string, vmTier: string): object => ({ retailPrice, osType, vmTier });
  return {
    billingCurrency: 'USD',
    unitOfMeasure: 'OneHour',
    values: [
      ...(windows === undefined ? [] : [row(windows.lowPriority, 'Windows', 'LowPriority')]),
      row(dedicated, 'Linux', 'Standard'),
      ...(lowPriority === null ? [] : [row(lowPriority, 'Linux', 'LowPriority')]),
      ...(windows === undefined ? [] : [row(windows.dedicated, 'Windows', 'Standard')]),
    ],
  };
}
