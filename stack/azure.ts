import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bertha, installation } from '../installation.js';
import { type FolderOptions, takeFolder } from './folder.js';
import { type StackPlaces, tools } from './places.js';
import { type Part, type PartSpec, startPart, stopPart } from './processes.js';
import { writeWhole } from './whole.js';

const TENANT = '00000000-0000-4000-8000-00000000be27';
const CLIENT = '00000000-0000-4000-8000-0000000c11e7';
/** Azurite's published development account; its key opens nothing but this machine's Azurite. */
const ACCOUNT = 'devstoreaccount1';

export interface AzureUrls {
  readonly azureMlUrl: string;
  readonly blobUrl: string;
}

/** Blob storage and Azure ML alone, for whoever needs no Temporal server. */
export interface AzureStack extends AzureUrls {
  readonly places: StackPlaces;
  stop(): Promise<void>;
}

/**
 * Starts the Azure part of a stack alone.
 * @throws PartError with one sentence where a part does not come up or the stack is up already
 */
export async function startAzureOnly(options: FolderOptions): Promise<AzureStack> {
  const places = takeFolder(options);
  const parts: Part[] = [];
  const stop = async () => {
    await Promise.all(parts.map((part) => stopPart(places, part)));
  };
  try {
    return { ...(await startAzure(places, parts)), places, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the emulator is told beside where everything is. */
export interface Rehearsal {
  /** What it does to jobs, a file. */
  readonly scenario?: string;
  /** Divides its own waits, the times of scenarios included. */
  readonly speed?: number;
  /** Nodes without processes: no command is run. */
  readonly hollowNodes?: boolean;
  /** A line in its log for each request. */
  readonly logRequests?: boolean;
}

/**
 * Starts Azurite and the emulator and writes the cloud file that leads to them. Parts are added to `parts` as they come up.
 * The certificates first, because both serve HTTPS; then Azurite, because the emulator mounts it.
 * @throws PartError with one sentence where a part does not come up
 */
export async function startAzure(places: StackPlaces, parts: Part[], rehearsal: Rehearsal = {}): Promise<AzureUrls> {
  writeSecrets(places);
  await makeCertificates(places);
  const azurite = await startPart(places, azuriteSpec(places));
  const blobUrl = `${azurite.said.replace(/\/$/, '')}/${ACCOUNT}`;
  parts.push({ ...azurite.part, spec: azuriteSpec(places, portOf(azurite.said)) });
  const emulator = await startPart(places, emulatorSpec(places, blobUrl, rehearsal));
  const azureMlUrl = (JSON.parse(emulator.said) as { url: string }).url;
  parts.push({ ...emulator.part, spec: emulatorSpec(places, blobUrl, rehearsal, portOf(azureMlUrl)) });
  const urls = { azureMlUrl, blobUrl };
  writeCloud(places, urls);
  return urls;
}

async function makeCertificates(places: StackPlaces): Promise<void> {
  const { part } = await startPart(places, {
    name: 'certificate',
    command: process.execPath,
    args: [emulatorProgram(), 'certificate', '--tls-dir', places.tls],
    ready: (line) => line,
  });
  if (part.child.exitCode === null) await new Promise<void>((resolve) => part.child.once('exit', () => resolve()));
  await stopPart(places, part);
}

/** @param port 0: any free one */
function azuriteSpec(places: StackPlaces, port = 0): PartSpec {
  const program = `${installation}/node_modules/azurite/dist/src/blob/main.js`;
  return {
    name: 'azurite',
    command: process.execPath,
    args: [
      ...[program, '--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', places.blobs],
      ...['--disableTelemetry', '--silent', '--oauth', 'basic'],
      ...['--cert', `${places.tls}/storage.pem`, '--key', `${places.tls}/storage.key`],
    ],
    ready: (line) => /successfully listens on (\S+)/.exec(line)?.[1] ?? null,
  };
}

function emulatorSpec(places: StackPlaces, blobUrl: string, rehearsal: Rehearsal, port = 0): PartSpec {
  const { scenario, speed, hollowNodes, logRequests } = rehearsal;
  return {
    name: 'azureml',
    command: process.execPath,
    args: [
      ...[emulatorProgram(), 'serve', '--port', String(port), '--tls-dir', places.tls, '--state', places.azureml],
      ...['--path-prepend', dirname(tools().python)],
      ...['--storage-endpoint', blobUrl, '--storage-key-file', places.storageKey, '--storage-account', ACCOUNT],
      ...['--tenant', TENANT, '--client-id', CLIENT, '--client-secret-file', places.secret],
      ...(scenario === undefined ? [] : ['--scenario', scenario]),
      ...(speed === undefined ? [] : ['--speed', String(speed)]),
      ...(hollowNodes === true ? ['--hollow-nodes'] : []),
      ...(logRequests === true ? ['--log-requests'] : []),
    ],
    ready: (line) => (line.startsWith('{"ready":true') ? line : null),
  };
}

const emulatorProgram = () => bertha('build', 'emulator', 'main.js');
const portOf = (url: string) => Number(new URL(url).port);

/** The stack as a cloud: the same client code finds its endpoints by the cloud's name. */
function writeCloud(places: StackPlaces, azure: AzureUrls): void {
  const cloud = {
    resourceManager: azure.azureMlUrl,
    audience: 'https://management.azure.com',
    authority: azure.azureMlUrl,
    storage: azure.blobUrl.replace(ACCOUNT, '{account}'),
    retailPrices: azure.azureMlUrl,
    caFile: `${places.tls}/ca.pem`,
    instanceDiscovery: false,
    credential: { tenantId: TENANT, clientId: CLIENT, clientSecretFile: places.secret },
  };
  writeWhole(places.cloudFile, JSON.stringify(cloud, null, 2));
}

function writeSecrets(places: StackPlaces): void {
  if (!existsSync(places.secret)) writeFileSync(places.secret, randomBytes(24).toString('base64url'), { mode: 0o600 });
  const published = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
  writeFileSync(places.storageKey, published, { mode: 0o600 });
}
