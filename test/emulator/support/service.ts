import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { ClientSecretCredential } from '@azure/identity';
import type { ContainerClient } from '@azure/storage-blob';

import type { Clock } from '../../../emulator/clock.js';
import { DEFAULTS, type EmulatorOptions } from '../../../emulator/options.js';
import { startEmulator, type Emulator } from '../../../emulator/server.js';
import { containerOf } from '../../../emulator/storage/client.js';
import { watchTraffic } from '../schema/traffic.js';
import type { Json } from './json.js';
import { sharedStorage } from './storage.js';

export const SECRET = 'a secret of tests';
export const GROUP = DEFAULTS.resourceGroup;
export const WORKSPACE = DEFAULTS.workspace;
export const P = `/subscriptions/${DEFAULTS.subscription}/resourceGroups/${GROUP}/providers/Microsoft.MachineLearningServices/workspaces/${WORKSPACE}`;
const SCOPE = 'https://management.azure.com/.default';

/** An answer, its JSON read. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: Json;
}

/** An emulator with clients, for tests. */
export interface Service {
  emulator: Emulator;
  credential: ClientSecretCredential;
  arm: AzureMachineLearningWorkspaces;
  /** The authority of its certificate, PEM. */
  ca: string;
  /** A request with a good token; paths beginning with `/jobs` and the like are below the workspace. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts an emulator in this process, fast, with or without storage. */
export async function startService(
  options: Partial<EmulatorOptions> & { storage?: boolean } = {},
  log?: (line: string) => void,
  clock?: Clock,
): Promise<Service> {
  const { storage = false, ...rest } = options;
  const folder = await mkdtemp(join(tmpdir(), 'emulator-test-'));
  const account = storage ? await sharedStorage() : undefined;
  const tlsDir = account === undefined ? join(folder, 'tls') : join(account.certificates.caFile, '..');
  const given = {
    tlsDir,
    stateDir: join(folder, 'state'),
    clientSecret: SECRET,
    speed: 10,
    operationSeconds: 0.5,
    ...(account === undefined ? {} : { storageEndpoint: account.endpoint, storageKey: account.key }),
    ...rest,
  };
  const emulator = await startEmulator(given, log, clock);
  watchTraffic(emulator);
  const clients = clientsOf(emulator);
  const stop = async (): Promise<void> => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { emulator, ...clients, stop };
}

/** Unmodified clients of an emulator that runs anywhere. */
export function clientsOf(
  emulator: Pick<Emulator, 'url' | 'caFile'>,
): Pick<Service, 'credential' | 'arm' | 'ca' | 'call'> {
  const ca = readFileSync(emulator.caFile, 'utf8');
  const credential = new ClientSecretCredential(DEFAULTS.tenant, DEFAULTS.clientId, SECRET, {
    authorityHost: emulator.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca },
  });
  const arm = new AzureMachineLearningWorkspaces(credential, DEFAULTS.subscription, {
    endpoint: emulator.url,
    credentialScopes: SCOPE,
    tlsOptions: { ca },
  });
  const call: Service['call'] = async (method, path, body, headers) => {
    const { token } = await credential.getToken(SCOPE);
    const isBelowWorkspace = /^\/(jobs|computes|datastores|codes|environments|models|data(?!\/v1\.0\/))\b/.test(path);
    const version = path.includes('?') ? '&api-version=2024-04-01' : '?api-version=2024-04-01';
    const url = new URL(`${isBelowWorkspace ? P : ''}${path}${path.startsWith('/_') ? '' : version}`, emulator.url);
    return ask(url, ca, method, body, { authorization: `Bearer ${token}`, ...headers });
  };
  return { credential, arm, ca, call };
}

/** The default datastore's container. */
export async function blobContainer(service: Pick<Service, 'call' | 'emulator'>): Promise<ContainerClient> {
  const { json } = await service.call('GET', '/datastores/workspaceblobstore');
  const { account, key, endpoint } = await sharedStorage();
  return containerOf({
    endpoint,
    account,
    key,
    container: json.properties.containerName,
    caFile: service.emulator.caFile,
  });
}

/** A bare request. */
export function ask(
  url: URL,
  ca: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((done, failed) => {
    const sent = request(
      url,
      { method, ca, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let said = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (said += chunk));
        response.on('end', () => {
          const isJson = response.headers['content-type']?.startsWith('application/json') === true;
          const json: unknown = isJson && said !== '' ? JSON.parse(said) : undefined;
          done({ status: response.statusCode ?? 0, headers: response.headers, text: said, json });
        });
      },
    );
    sent.once('error', failed);
    sent.end(text);
  });
}
