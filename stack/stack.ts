import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bertha, installation } from '../installation.js';
import { type StackPlaces, stackPlaces, tools } from './places.js';
import { freePorts } from './ports.js';
import { type Part, PartError, reap, startPart, startTime, stopPart } from './processes.js';

export interface StackOptions {
  /** Name of the stack's folder: `local` for `bertha up`, `demo` for the demo. */
  readonly name: string;
  /** Forget what an earlier stack of this name held. */
  readonly fresh?: boolean;
  /** Scenario file of the emulator: what it does to jobs. */
  readonly scenario?: string;
  readonly worker?: boolean;
  readonly onProgress?: (sentence: string) => void;
}

/** The local stack: a real Temporal server, Azurite, the Azure ML emulator and a worker, each a process of its own. */
export interface Stack {
  readonly name: string;
  readonly places: StackPlaces;
  readonly temporalAddress: string;
  readonly uiUrl: string;
  readonly azureMlUrl: string;
  readonly blobUrl: string;
  startWorker(): Promise<void>;
  /** SIGKILL to the worker, for tests of what that does. */
  killWorker(): void;
  stop(): Promise<void>;
}

const TENANT = '00000000-0000-4000-8000-00000000be27';
const CLIENT = '00000000-0000-4000-8000-0000000c11e7';
/** Azurite's published development account; its key opens nothing but this machine's Azurite. */
const ACCOUNT = 'devstoreaccount1';

/**
 * Starts the stack. What an earlier one left (after kill -9, say) is reaped first, by recorded pid and start time.
 * @throws PartError with one sentence where a part does not come up or the stack is up already
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const places = stackPlaces(options.name);
  refuseIfUp(places, options.name);
  const say = options.onProgress ?? (() => undefined);
  const left = reap(places);
  if (left.length > 0) say(`ended what an earlier stack left: ${left.join(', ')}`);
  if (options.fresh === true) rmSync(places.folder, { recursive: true, force: true });
  mkdirSync(places.folder, { recursive: true });
  writeSecrets(places);
  const parts: Part[] = [];
  try {
    const [temporalPort = 0, uiPort = 0] = await freePorts(2);
    const [temporal, azure] = await Promise.all([startTemporal(places, parts, temporalPort, uiPort), startAzure(places, parts, options.scenario)]);
    writeCloud(places, azure);
    writeWhole(places.temporalProfile, `[profile.default]\naddress = "${temporal}"\nnamespace = "default"\n`);
    const stack = assemble(options.name, places, parts, { ...azure, temporalAddress: temporal, uiUrl: `http://127.0.0.1:${uiPort}` });
    if (options.worker !== false) await stack.startWorker();
    writeWhole(places.stackFile, JSON.stringify(stackRecord(stack), null, 2));
    return stack;
  } catch (error) {
    for (const part of parts.reverse()) await stopPart(places, part);
    throw error;
  }
}

interface AzureUrls {
  readonly azureMlUrl: string;
  readonly blobUrl: string;
}

function assemble(name: string, places: StackPlaces, parts: Part[], urls: AzureUrls & { temporalAddress: string; uiUrl: string }): Stack {
  let worker: Part | null = null;
  return {
    name,
    places,
    ...urls,
    async startWorker() {
      const { part } = await startPart(places, {
        name: 'worker',
        command: process.execPath,
        args: [bertha('build', 'worker.js')],
        env: { TEMPORAL_CONFIG_FILE: places.temporalProfile, BERTHA_CLOUDS_DIR: places.folder, BERTHA_HOME: installation },
        ready: (line) => (line.startsWith('worker ') ? line : null),
        readyWithinSeconds: 60,
      });
      worker = part;
    },
    killWorker() {
      if (worker?.child.pid !== undefined) process.kill(-worker.child.pid, 'SIGKILL');
    },
    async stop() {
      rmSync(places.stackFile, { force: true });
      if (worker !== null) await stopPart(places, worker, 3);
      await Promise.all(parts.map((part) => stopPart(places, part)));
    },
  };
}

async function startTemporal(places: StackPlaces, parts: Part[], port: number, uiPort: number): Promise<string> {
  const { part } = await startPart(places, {
    name: 'temporal',
    command: tools().temporal,
    args: ['server', 'start-dev', '--db-filename', places.temporal, '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort), '--log-level', 'error'],
    ready: (line) => (/(Server|Temporal Server):\s/.test(line) ? line : null),
  });
  parts.push(part);
  return `127.0.0.1:${port}`;
}

/** The certificates first, because both serve HTTPS; then Azurite, because the emulator mounts it. */
async function startAzure(places: StackPlaces, parts: Part[], scenario: string | undefined): Promise<AzureUrls> {
  const emulator = bertha('build', 'emulator', 'main.js');
  const certificate = await startPart(places, { name: 'certificate', command: process.execPath, args: [emulator, 'certificate', '--tls-dir', places.tls], ready: (line) => line });
  await new Promise<void>((resolve) => (certificate.part.child.exitCode === null ? certificate.part.child.once('exit', () => resolve()) : resolve()));
  await stopPart(places, certificate.part);
  const azurite = await startPart(places, {
    name: 'azurite',
    command: process.execPath,
    args: [
      ...[azuriteProgram(), '--blobHost', '127.0.0.1', '--blobPort', '0', '--location', places.blobs, '--disableTelemetry', '--silent'],
      ...['--oauth', 'basic', '--cert', `${places.tls}/storage.pem`, '--key', `${places.tls}/storage.key`],
    ],
    ready: (line) => /successfully listens on (\S+)/.exec(line)?.[1] ?? null,
  });
  parts.push(azurite.part);
  const blobUrl = `${azurite.said.replace(/\/$/, '')}/${ACCOUNT}`;
  const { part, said } = await startPart(places, {
    name: 'azureml',
    command: process.execPath,
    args: [
      ...[emulator, 'serve', '--tls-dir', places.tls, '--state', places.azureml, '--path-prepend', dirname(tools().python)],
      ...['--storage-endpoint', blobUrl, '--storage-key-file', places.storageKey, '--storage-account', ACCOUNT],
      ...['--tenant', TENANT, '--client-id', CLIENT, '--client-secret-file', places.secret],
      ...(scenario === undefined ? [] : ['--scenario', scenario]),
    ],
    ready: (line) => (line.startsWith('{"ready":true') ? line : null),
  });
  parts.push(part);
  return { azureMlUrl: (JSON.parse(said) as { url: string }).url, blobUrl };
}

function azuriteProgram(): string {
  return `${installation}/node_modules/azurite/dist/src/blob/main.js`;
}

/** The stack as a cloud: the same client code finds its endpoints by the cloud's name. */
function writeCloud(places: StackPlaces, azure: AzureUrls): void {
  const cloud = {
    resourceManager: azure.azureMlUrl,
    audience: 'https://management.azure.com',
    authority: azure.azureMlUrl,
    storage: azure.blobUrl.replace(ACCOUNT, '{account}'),
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

function stackRecord(stack: Stack): unknown {
  const { name, uiUrl, azureMlUrl, blobUrl } = stack;
  return { name, pid: process.pid, startedAt: startTime(process.pid), temporal: { address: stack.temporalAddress, uiUrl }, azureMlUrl, blobUrl };
}

function refuseIfUp(places: StackPlaces, name: string): void {
  if (!existsSync(places.stackFile)) return;
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(places.stackFile, 'utf8')) as { pid: number; startedAt: string };
    const up = startTime(pid) === startedAt;
    if (up) throw new PartError(`the local stack "${name}" is up already (process ${pid}); stop it first with Ctrl-C there, or: kill ${pid}`);
  } catch (error) {
    if (error instanceof PartError) throw error;
  }
  rmSync(places.stackFile, { force: true });
}

/** Never half written: temp file, then rename. */
function writeWhole(path: string, content: string): void {
  writeFileSync(`${path}.tmp`, content);
  renameSync(`${path}.tmp`, path);
}
