import type { Datastore } from '../entities/datastore.js';
import type { World } from '../world.js';

/** The container of artifacts: logs and what runs leave behind. */
export const ARTIFACT_CONTAINER = 'azureml';
export const ARTIFACT_STORE = 'workspaceartifactstore';
export const BLOB_STORE = 'workspaceblobstore';

/** Makes the two datastores that every workspace is born with, and their containers when there is storage. */
export async function createDefaultDatastores(world: World): Promise<void> {
  const blobContainer = `azureml-blobstore-${world.workspaceId}`;
  keep(world, BLOB_STORE, blobContainer, true);
  keep(world, ARTIFACT_STORE, ARTIFACT_CONTAINER, false);
  if (world.storage === null) return;
  await world.storage.ensureContainer(blobContainer);
  await world.storage.ensureContainer(ARTIFACT_CONTAINER);
}

function keep(world: World, name: string, containerName: string, isDefault: boolean): void {
  const stores = world.store.collection<Datastore>('datastores');
  const now = world.clock.now().toISOString();
  stores.put(name, {
    name,
    datastoreType: 'AzureBlob',
    description: null,
    tags: null,
    isDefault,
    accountName: world.storage?.name ?? 'none',
    containerName,
    endpoint: 'core.windows.net',
    protocol: 'https',
    serviceDataAccessAuthIdentity: isDefault ? 'WorkspaceSystemAssignedIdentity' : 'None',
    credentialsType: 'AccountKey',
    secrets: world.storage === null ? null : { secretsType: 'AccountKey', key: world.storage.key },
    createdAt: stores.get(name)?.createdAt ?? now,
    modifiedAt: now,
  });
}
