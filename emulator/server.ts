import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { ensureCertificates } from './certificates/certificates.js';
import { createClock, type Clock } from './clock.js';
import { Clusters } from './computes/clusters.js';
import { finishInstances } from './computes/instances/instances.js';
import { finishOperations } from './computes/operations.js';
import { createDefaultDatastores } from './datastores/defaults.js';
import type { Cluster } from './entities/cluster.js';
import type { Job } from './entities/job.js';
import { requestFaults } from './faults/requests.js';
import { exchangeLine, type Exchange } from './http/exchange.js';
import { admission } from './http/guard.js';
import type { Interceptor } from './http/interceptor.js';
import { createListener } from './http/listener.js';
import { createSigner } from './identity/signer.js';
import { Jobs } from './jobs/jobs.js';
import { rateLimits } from './limits/interceptor.js';
import { silent, type Log } from './log.js';
import { DEFAULTS, newGuid, withDefaults, type EmulatorOptions } from './options.js';
import { ROUTES } from './routes.js';
import { readScenarioFile } from './scenario/scenario.js';
import { createSetting, setGoing } from './scenario/setting.js';
import { StorageAccount } from './storage/account.js';
import { Store } from './store/store.js';
import { apiVersions } from './versions/interceptor.js';
import { openWays, type Ways } from './ways/ways.js';
import { workspacePresence } from './workspace/presence.js';
import { changeWorkspace, workspaceOf } from './workspace/state.js';
import type { World } from './world.js';

/** A running emulator. */
export interface Emulator {
  url: string;
  /** Plain HTTP, and the forward proxy; null where they are shut. */
  httpUrl: string | null;
  proxyUrl: string | null;
  caFile: string;
  /** What it holds, for tests that bring it to a state by hand. */
  world: World;
  /** Kills the processes of all jobs, writes the state and stops listening. */
  close(): Promise<void>;
}

/** What a request passes on its way to its route, in this order. */
const INTERCEPTORS: readonly Interceptor[] = [
  requestFaults('front'),
  admission,
  rateLimits,
  requestFaults('behind'),
  workspacePresence,
  apiVersions,
];

const COLLECTIONS = [
  'identity',
  'clusters',
  'operations',
  'datastores',
  'codes',
  'environments',
  'models',
  'data',
  'containers',
  'jobs',
  'metrics',
  'workspace',
  'instances',
  'scripts',
];

/**
 * Starts an emulator in this process.
 *
 * @param given the two folders, and whatever differs from `DEFAULTS`
 * @param clock what its waits run on; the system's time at the speed of the options unless given
 * @throws Error with a sentence for a bad scenario, a port in use, storage that does not answer
 */
export async function startEmulator(
  given: Partial<EmulatorOptions> & Pick<EmulatorOptions, 'tlsDir' | 'stateDir'>,
  log: Log = silent,
  clock: Clock = createClock(given.speed ?? DEFAULTS.speed),
): Promise<Emulator> {
  const defaults = withDefaults(given);
  const options = { ...defaults, stateDir: resolve(defaults.stateDir), tlsDir: resolve(defaults.tlsDir) };
  const scenario = options.scenarioFile === null ? null : await readScenarioFile(options.scenarioFile);
  const certificates = await ensureCertificates(options.tlsDir);
  const store = await Store.open(join(options.stateDir, 'store'), COLLECTIONS);
  const ways = await openWays(options, certificates, log);
  const world = createWorld(options, log, clock, store, ways.https, certificates.caFile);
  try {
    await createDefaultDatastores(world);
    await recover(world);
    world.scenario.open(scenario);
  } catch (error) {
    world.clock.stop();
    await ways.close();
    throw error;
  }
  ways.serve(createListener(world, ROUTES, INTERCEPTORS));
  const { http: httpUrl, proxy: proxyUrl } = ways;
  return { url: ways.https, httpUrl, proxyUrl, caFile: certificates.caFile, world, close: () => close(world, ways) };
}

function createWorld(
  options: EmulatorOptions,
  log: Log,
  clock: Clock,
  store: Store,
  url: string,
  caFile: string,
): World {
  const identity = loadIdentity(store);
  const base = { options, clock, log, store };
  const setting = createSetting(base, () => world);
  const world = {
    ...base,
    ...setting,
    signer: createSigner(identity.pem),
    storage: options.storageEndpoint === null ? null : new StorageAccount(options.storageEndpoint, options, caFile),
    clusters: new Clusters(store.collection<Cluster>('clusters'), clock, options, log, setting.capacity),
    workspaceId: identity.workspaceId,
    url: () => url,
    observers: options.logRequests ? [(exchange: Exchange) => log(exchangeLine(exchange))] : [],
    caFile,
  } as World;
  world.jobs = new Jobs(world, store.collection<Job>('jobs'));
  const background = setGoing(world);
  world.clusters.tenant = {
    demand: (cluster) => world.jobs.demand(cluster),
    nodesReady: (cluster) => world.jobs.dispatch(cluster),
    nodeArrived: (cluster, nodeId) => background.arrived(cluster, nodeId),
  };
  return world;
}

// Key and workspace id outlive a restart: tokens and datastores made before it stay good.
function loadIdentity(store: Store): { pem: string; workspaceId: string } {
  const identities = store.collection<{ pem: string; workspaceId: string }>('identity');
  return identities.get('self') ?? identities.put('self', { pem: createSigner().pem, workspaceId: newGuid() });
}

// No node survives a restart, so neither does a disk of one.
async function recover(world: World): Promise<void> {
  finishOperations(world);
  finishInstances(world);
  if (workspaceOf(world).deleted) changeWorkspace(world, { deleted: false });
  world.clusters.forgetNodes();
  world.jobs.recover();
  await rm(join(world.options.stateDir, 'nodes'), { recursive: true, force: true, maxRetries: 5 });
  await mkdir(join(world.options.stateDir, 'nodes'), { recursive: true });
  world.clusters.recover();
  await world.store.flush();
}

async function close(world: World, ways: Ways): Promise<void> {
  world.clock.stop();
  await ways.close();
  await world.jobs.close();
  await world.store.flush();
}
