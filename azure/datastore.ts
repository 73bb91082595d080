import type { DatastoreCredentialsUnion, DatastoreSecretsUnion } from '@azure/arm-machinelearning';
import { AnonymousCredential, ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { StorageTarget } from '../domain/config.js';
import { blobEndpoint } from './clouds.js';
import type { AzureConnection } from './connection.js';
import { AzureError, calling, orNull } from './errors.js';
import { namedSecret } from './secret.js';

/**
 * Registers the container as a datastore: without credentials (jobs come with their identity), or with the secret that the config names.
 * One that is there is left as it is; one that points elsewhere is refused.
 */
export async function ensureDatastore(azure: AzureConnection, storage: StorageTarget): Promise<'created' | 'existing'> {
  const { resourceGroup, workspace } = azure.target;
  const { datastore, account, container } = storage;
  const there = await readDatastore(azure, datastore);
  if (there !== null) {
    const same =
      there.datastoreType === 'AzureBlob' && there.accountName === account && there.containerName === container;
    if (same) return 'existing';
    const where = `${there.accountName ?? '?'}/${there.containerName ?? '?'} (${there.datastoreType})`;
    throw new AzureError(
      'permanent',
      `datastore ${datastore} exists and points to ${where}, not to ${account}/${container}; choose another storage.datastore`,
    );
  }
  const credentials = credentialsOf(storage);
  await calling(`registering datastore ${datastore}`, () =>
    azure.ml.datastores.createOrUpdate(resourceGroup, workspace, datastore, {
      properties: { datastoreType: 'AzureBlob', accountName: account, containerName: container, credentials },
    }),
  );
  return 'created';
}

/**
 * Reads a blob as a job will: with the secret that the datastore holds; where it holds none, jobs come with the identity of their cluster,
 * which only a job has, and this process reads with its own.
 * @throws AzureError, final, where it cannot be read, with who lacks what
 */
export async function showReadable(azure: AzureConnection, storage: StorageTarget, path: string): Promise<void> {
  const { account, container, datastore } = storage;
  const there = await readDatastore(azure, datastore);
  const type = there?.credentials?.credentialsType ?? 'None';
  const place = type === 'None' ? null : await placeOf(azure, storage);
  const reading: Promise<object | null> =
    place === null
      ? azure.container(account, container).info(path)
      : calling(`reading ${path} as a job would`, () => place.getBlobClient(path).getProperties());
  const found = await orNull(reading).catch((error: unknown) => {
    if (!(error instanceof AzureError) || error.kind !== 'unauthorized') throw error;
    const who =
      place === null
        ? `the identity of this worker lacks a role (Storage Blob Data Contributor on account ${account}), and that of the cluster may lack it too`
        : `the ${type} in datastore ${datastore} does not open ${account}/${container}: renew it, or name another storage.datastore`;
    throw new AzureError('permanent', `jobs could not read ${container}/${path}: ${who} (${error.message})`);
  });
  if (found === null)
    throw new AzureError('permanent', `jobs could not read ${container}/${path}: there is no such blob`);
}

interface Registered {
  readonly datastoreType: string;
  readonly accountName?: string;
  readonly containerName?: string;
  readonly credentials?: { readonly credentialsType: string };
}

async function readDatastore(azure: AzureConnection, name: string): Promise<Registered | null> {
  const { resourceGroup, workspace } = azure.target;
  const reading = calling(`reading datastore ${name}`, () => azure.ml.datastores.get(resourceGroup, workspace, name));
  const found = await orNull(reading);
  return found === null ? null : found.properties;
}

function credentialsOf({ sasEnv, keyEnv }: StorageTarget): DatastoreCredentialsUnion {
  if (sasEnv !== undefined) {
    const sasToken = namedSecret(sasEnv, 'the SAS of the datastore');
    return { credentialsType: 'Sas', secrets: { secretsType: 'Sas', sasToken } };
  }
  if (keyEnv === undefined) return { credentialsType: 'None' };
  const key = namedSecret(keyEnv, 'the account key of the datastore');
  return { credentialsType: 'AccountKey', secrets: { secretsType: 'AccountKey', key } };
}

async function placeOf(
  azure: AzureConnection,
  { account, container, datastore }: StorageTarget,
): Promise<ContainerClient> {
  const { resourceGroup, workspace } = azure.target;
  const asking = () => azure.ml.datastores.listSecrets(resourceGroup, workspace, datastore);
  const secrets = await calling<DatastoreSecretsUnion>(`reading the secret of datastore ${datastore}`, asking);
  const url = `${blobEndpoint(azure.cloud, account)}/${container}`;
  const { options } = azure.storage;
  if ('sasToken' in secrets && secrets.sasToken !== undefined)
    return new ContainerClient(`${url}?${secrets.sasToken.replace(/^\?/, '')}`, new AnonymousCredential(), options);
  if ('key' in secrets && secrets.key !== undefined)
    return new ContainerClient(url, new StorageSharedKeyCredential(account, secrets.key), options);
  throw new AzureError(
    'permanent',
    `datastore ${datastore} signs in as a service principal: whether that may read the data cannot be shown; use one with a SAS, a key or no credential`,
  );
}
