import { createHash } from 'node:crypto';
import { join, dirname } from 'node:path';
import { readFileSync } from 'node:fs';
import type { BlobContainer } from '../../../azure/blob.js';
import { createCluster } from '../../../azure/cluster.js';
import { type AzureConnection, connectAzure } from '../../../azure/connection.js';
import { BerthaClient } from '../../../client.js';
import { bertha, installation } from '../../../installation.js';
import { type StackPlaces, tools } from '../../../stack/places.js';
import { type Part, startPart, stopPart } from '../../../stack/processes.js';
import { writeWhole } from '../../../stack/whole.js';
import { ACCOUNT, CONTAINER, SOURCE } from './config.js';
import { EmulatorControl } from './emulator.js';
import { Orders } from './orders.js';
import { type Switch, openSwitch } from './switch.js';
import { SCALE } from './time.js';

const TENANT = '00000000-0000-4000-8000-00000000be27';
const CLIENT = '00000000-0000-4000-8000-0000000c11e7';
const VOCABULARY = 'nothing\n';

/** One workspace with its storage, one Temporal namespace, one worker: schedules are played on it one after the other. */
export interface Place {
  readonly name: string;
  readonly cloud: string;
  readonly places: StackPlaces;
  readonly emulator: EmulatorControl;
  readonly client: BerthaClient;
  /** Straight to the storage, whatever the switch says. */
  readonly store: BlobContainer;
  /** Folder of the storage's files on this disk. */
  readonly disk: string;
  readonly dataset: string;
  readonly orders: Orders;
  readonly storage: Switch;
  makeCluster(name: string): Promise<void>;
  startWorker(): Promise<void>;
  killWorker(): Promise<void>;
  /** Whether the worker's process lives. */
  workerLives(): boolean;
  stop(): Promise<void>;
}

/** Starts a place; its namespace must be there. @param parts what was started, for whoever must end it if this fails */
export async function openPlace(places: StackPlaces, name: string, temporal: string): Promise<Place> {
  const parts: Part[] = [];
  const served = await startEmulator(places, name, parts);
  const endpoint = new URL(served.storageEndpoint);
  const storage = await openSwitch(Number(endpoint.port));
  const through = `https://127.0.0.1:${storage.port}/{account}`;
  writeCloud(places, name, served, through);
  writeCloud(places, `${name}-direct`, served, served.storageEndpoint.replace(ACCOUNT, '{account}'));
  process.env['BERTHA_CLOUDS_DIR'] = places.folder;
  const azure = connectAzure({ cloud: `${name}-direct`, ...TARGET });
  const target = { address: temporal, namespace: name, options: {}, from: 'local stack' } as const;
  const orders = new Orders(join(places.folder, 'orders', name));
  const worker = workerOf(places, name, { temporal, orders });
  return {
    ...{ name, cloud: name, places, storage, orders, ...worker },
    emulator: new EmulatorControl(served.httpUrl),
    client: await BerthaClient.connect(target),
    store: azure.container(ACCOUNT, CONTAINER),
    disk: join(places.folder, name, 'storage'),
    dataset: await putDataset(azure),
    makeCluster: (cluster) => createCluster(azure, { name: cluster, ...NODES, tags: {} }),
    async stop() {
      await worker.killWorker();
      await storage.close();
      for (const part of parts) await stopPart(places, part);
    },
  };
}

const TARGET = { subscriptionId: '00000000-0000-0000-0000-000000000001', resourceGroup: 'local', workspace: 'local' };
const NODES = {
  sku: 'Standard_DS2_v2',
  priority: 'low_priority',
  region: 'eastus',
  maxNodes: 2,
  idleSecondsBeforeScaleDown: 120,
} as const;

interface Served {
  readonly url: string;
  readonly httpUrl: string;
  readonly caFile: string;
  readonly storageEndpoint: string;
}

async function startEmulator(places: StackPlaces, name: string, parts: Part[]): Promise<Served> {
  const times = { provision: 30, queue: 10, prepare: 45, grace: 180 };
  const { part, said } = await startPart(places, {
    name: `azureml-${name}`,
    command: process.execPath,
    args: [
      ...[bertha('build', 'emulator', 'main.js'), 'serve', '--state', join(places.folder, name), '--http-port', '0'],
      ...['--no-proxy', '--no-rate-limits', '--path-prepend', dirname(tools().python), '--speed', String(SCALE)],
      ...Object.entries(times).flatMap(([what, seconds]) => [`--${what}-seconds`, String(seconds)]),
      ...['--storage-account', ACCOUNT, '--tenant', TENANT, '--client-id', CLIENT],
      ...['--client-secret-file', places.secret],
    ],
    ready: (line) => (line.startsWith('{"ready":true') ? line : null),
    readyWithinSeconds: 90,
  });
  parts.push(part);
  return JSON.parse(said) as Served;
}

function writeCloud(places: StackPlaces, name: string, served: Served, storage: string): void {
  const cloud = {
    ...{ resourceManager: served.url, audience: 'https://management.azure.com', authority: served.url },
    ...{ storage, caFile: served.caFile, instanceDiscovery: false },
    credential: { tenantId: TENANT, clientId: CLIENT, clientSecretFile: places.secret },
  };
  writeWhole(join(places.folder, `${name}.cloud.json`), JSON.stringify(cloud, null, 2));
}

function workerOf(places: StackPlaces, name: string, { temporal, orders }: { temporal: string; orders: Orders }) {
  let worker: Part | null = null;
  const lives = () => worker !== null && worker.child.exitCode === null && worker.child.signalCode === null;
  return {
    async startWorker() {
      const { part } = await startPart(places, {
        name: `worker-${name}`,
        command: process.execPath,
        args: [bertha('build', 'test', 'simulation', 'emulated', 'worker.js')],
        env: {
          ...{ TEMPORAL_ADDRESS: temporal, TEMPORAL_NAMESPACE: name, FAULT_DEATH: orders.deathFile },
          ...{ BERTHA_CLOUDS_DIR: places.folder, BERTHA_HOME: installation },
        },
        ready: (line) => (line.startsWith('worker ') ? line : null),
        readyWithinSeconds: 90,
      });
      worker = part;
    },
    async killWorker() {
      if (worker !== null) await stopPart(places, worker, 0, 'SIGKILL');
    },
    workerLives: lives,
  };
}

/** A dataset without a sample: the stand-in counts positions only. @returns its folder */
async function putDataset(azure: AzureConnection): Promise<string> {
  const source = azure.container(ACCOUNT, SOURCE);
  await source.ensure();
  const folder = 'data/none/0000000000000000';
  const sha256 = createHash('sha256').update(VOCABULARY).digest('hex');
  const special = { pad: 0, unk: 0, cls: 0, sep: 0, mask: 0 };
  const manifest = {
    ...{ format: 'bertha-dataset/1', name: 'none', contentId: '0000000000000000', createdFrom: {}, sets: [] },
    vocabulary: { file: 'vocab.txt', size: 1, sha256, special },
    ...{ pages: { in: 0, out: 0, skipped: {} }, unicodeVersion: '15.1' },
  };
  await source.write(`${folder}/vocab.txt`, VOCABULARY);
  await source.write(`${folder}/manifest.json`, JSON.stringify(manifest));
  return folder;
}

/** The lines of the worker's log since it was opened, for whoever wants to know what it said. */
export const workerLog = ({ places, name }: Place): string =>
  readFileSync(join(places.logs, `worker-${name}.log`), 'utf8');
