import { createServer } from 'node:net';
import { join } from 'node:path';

import { ARTIFACT_CONTAINER, BLOB_STORE } from '../datastores/defaults.js';
import type { AssetVersion } from '../entities/asset.js';
import type { Datastore } from '../entities/datastore.js';
import type { Job, JobInput } from '../entities/job.js';
import type { NodeInput, NodeOutput, NodeSpec } from '../nodes/messages.js';
import type { BlobPlace } from '../storage/place.js';
import { parseDataUri } from '../storage/uri.js';
import { workspacePath, type World } from '../world.js';
import { jobEnvironment } from './environment.js';

/** Folder of a run's artifacts in the artifact container. */
export function artifactPrefix(job: string): string {
  return `ExperimentRun/dcid.${job}`;
}

/**
 * Works out what each node of a start has to do: addresses resolved to containers and keys, environment, meeting point.
 *
 * @param folders the disks of the nodes, in the order of ranks
 * @throws Error with a sentence for an address that leads nowhere
 */
export async function planNodes(world: World, job: Job, folders: readonly string[]): Promise<NodeSpec[]> {
  const { request } = job;
  const inputs = Object.entries(request.inputs);
  const shared = {
    job: job.name,
    nodes: folders.length,
    processes: request.distribution?.processCountPerInstance ?? 1,
    command: request.command,
    literals: Object.fromEntries(inputs.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))),
    code: request.codeId === null ? null : codePlace(world, request.codeId),
    inputs: inputs.flatMap(([name, input]) => (input.uri === null ? [] : [nodeInput(world, name, input, input.uri)])),
    outputs: Object.entries(request.outputs).map(([name, output]): NodeOutput => {
      const uri = output.uri ?? `azureml://datastores/${BLOB_STORE}/paths/azureml/${job.name}/${name}/`;
      return {
        name,
        mode: output.mode === 'Upload' ? 'upload' : 'mount',
        place: resolve(world, `output "${name}"`, uri),
      };
    }),
    artifacts: world.storage?.place(ARTIFACT_CONTAINER, artifactPrefix(job.name)) ?? null,
    rendezvous: request.distribution === null ? null : { address: '127.0.0.1', port: await freePort() },
  };
  return folders.map((folder, rank) => ({ ...shared, folder, rank, environment: jobEnvironment(world, job, folder) }));
}

function codePlace(world: World, codeId: string): BlobPlace {
  const [, name = '', version = ''] =
    /codes\/([^/]+)\/versions\/([^/]+)$/i.exec(codeId) ?? /^azureml:([^:]+):(.+)$/.exec(codeId) ?? [];
  const code = world.store.collection<AssetVersion>('codes').get(`${name}:${version}`);
  if (code === undefined) throw new Error(`The code asset ${codeId} does not exist.`);
  return resolve(world, `code asset ${name}:${version}`, String(code.properties['codeUri']));
}

function nodeInput(world: World, name: string, input: JobInput, uri: string): NodeInput {
  const kind = input.jobInputType === 'uri_file' ? 'file' : 'folder';
  const mode = input.mode === 'Direct' ? 'direct' : 'download';
  return { name, kind, mode, uri, place: resolve(world, `input "${name}"`, uri) };
}

function resolve(world: World, what: string, uri: string): BlobPlace {
  const address = parseDataUri(uri);
  if (address === undefined)
    throw new Error(`The ${what} has the address ${uri}, which is neither azureml:// nor a blob's https address.`);
  if (address.kind === 'asset') return resolve(world, what, dataUri(world, what, address.name, address.version));
  const { storage } = world;
  if (storage === null)
    throw new Error(`The ${what} needs storage, but the emulator was started without --storage-endpoint.`);
  if (address.kind === 'datastore') return datastorePlace(world, what, address.datastore, address.path);
  if (address.account.toLowerCase() === storage.name.toLowerCase())
    return storage.place(address.container, address.path);
  const store = datastores(world).find(
    (each) => each.accountName === address.account && each.containerName === address.container,
  );
  if (store === undefined)
    throw new Error(`The ${what} lies in the storage account ${address.account}, for which no datastore holds a key.`);
  return datastorePlace(world, what, store.name, address.path);
}

function datastorePlace(world: World, what: string, name: string, path: string): BlobPlace {
  const store = world.store.collection<Datastore>('datastores').get(name);
  if (store === undefined) throw new Error(`The ${what} names the datastore ${name}, which does not exist.`);
  const { storage } = world;
  if (storage === null)
    throw new Error(`The ${what} needs storage, but the emulator was started without --storage-endpoint.`);
  const key = store.secrets?.['key'];
  const isOurs = store.accountName === storage.name;
  if (!isOurs && key === undefined)
    throw new Error(`The datastore ${name} holds no key for the storage account ${store.accountName}.`);
  return storage.place(
    store.containerName,
    path,
    isOurs || key === undefined ? undefined : { account: store.accountName, key },
  );
}

function dataUri(world: World, what: string, name: string, version: string): string {
  const asset = world.store.collection<AssetVersion>('data').get(`${name}:${version}`);
  if (asset === undefined)
    throw new Error(
      `The ${what} names the data asset ${name}:${version}, which does not exist in ${workspacePath(world)}.`,
    );
  return String(asset.properties['dataUri']);
}

function datastores(world: World): Datastore[] {
  return world.store.collection<Datastore>('datastores').all();
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The disk of a machine for one start of a job. */
export function nodeFolder(stateDir: string, nodeId: string, job: Job): string {
  return join(stateDir, 'nodes', nodeId, `${job.runUuid.slice(0, 8)}-${job.attempt}`);
}
