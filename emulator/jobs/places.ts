import type { AssetVersion } from '../entities/asset.js';
import type { Datastore } from '../entities/datastore.js';
import type { StorageAccount } from '../storage/account.js';
import type { BlobPlace } from '../storage/place.js';
import { parseDataUri } from '../storage/uri.js';
import { workspacePath, type World } from '../world.js';

/** Where the files of a code asset lie. @throws Error with a sentence when there is no such asset */
export function codePlace(world: World, codeId: string): BlobPlace {
  const [, name = '', version = ''] =
    /codes\/([^/]+)\/versions\/([^/]+)$/i.exec(codeId) ?? /^azureml:([^:]+):(.+)$/.exec(codeId) ?? [];
  const code = world.store.collection<AssetVersion>('codes').get(`${name}:${version}`);
  if (code === undefined) throw new Error(`The code asset ${codeId} does not exist.`);
  return placeOf(world, `code asset ${name}:${version}`, String(code.properties['codeUri']));
}

/**
 * Finds the container, path and key that a data address stands for.
 *
 * @param what names the input or output, for messages
 * @throws Error with a sentence for an address that leads nowhere
 */
export function placeOf(world: World, what: string, uri: string): BlobPlace {
  const address = parseDataUri(uri);
  if (address === undefined)
    throw new Error(`The ${what} has the address ${uri}, which is neither azureml:// nor a blob's https address.`);
  if (address.kind === 'asset') return placeOf(world, what, dataUri(world, what, address.name, address.version));
  const storage = storageOf(world, what);
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
  const { accountName, containerName, datastoreType } = store;
  if (accountName === null || containerName === null)
    throw new Error(
      `The ${what} lies in the datastore ${name} of type ${datastoreType}; jobs of the emulator reach AzureBlob only.`,
    );
  const storage = storageOf(world, what);
  const key = store.secrets?.['key'];
  const isOurs = accountName === storage.name;
  if (!isOurs && key === undefined)
    throw new Error(`The datastore ${name} holds no key for the storage account ${accountName}.`);
  return storage.place(containerName, path, isOurs || key === undefined ? undefined : { account: accountName, key });
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

function storageOf(world: World, what: string): StorageAccount {
  if (world.storage !== null) return world.storage;
  throw new Error(`The ${what} needs storage, but the emulator was started without --storage-endpoint.`);
}
