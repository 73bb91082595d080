import type { Datastore } from '../entities/datastore.js';
import type { World } from '../world.js';

/** The container of artifacts: logs and what runs leave behind. */
export const ARTIFACT_CONTAINER = 'azureml';
export const ARTIFACT_STORE = 'workspaceartifactstore';
export const BLOB_STORE = 'workspaceblobstore';

/**
 * Makes the datastores that every workspace is born with, and the containers of those on Blob when there is storage.
 *
 * Source of the list: Azure PowerShell's recording Get-AzMLWorkspaceDatastore (2025-11).
 */
export async function createDefaultDatastores(world: World): Promise<void> {
  const { workspaceId, storage, options } = world;
  const blobContainer = `azureml-blobstore-${workspaceId}`;
  const share = { datastoreType: 'AzureFile', containerName: null } as const;
  keep(world, 'workspacefilestore', { ...share, fileShareName: `azureml-filestore-${workspaceId}` });
  keep(world, ARTIFACT_STORE, { containerName: ARTIFACT_CONTAINER });
  keep(world, 'workspaceworkingdirectory', { ...share, fileShareName: `code-${workspaceId}` });
  keep(world, BLOB_STORE, {
    containerName: blobContainer,
    isDefault: true,
    subscriptionId: options.subscription,
    resourceGroup: options.resourceGroup,
    serviceDataAccessAuthIdentity: 'WorkspaceSystemAssignedIdentity',
  });
  if (storage === null) return;
  await storage.ensureContainer(blobContainer);
  await storage.ensureContainer(ARTIFACT_CONTAINER);
}

function keep(world: World, name: string, special: Partial<Datastore>): void {
  const stores = world.store.collection<Datastore>('datastores');
  const now = world.clock.now().toISOString();
  stores.put(name, {
    name,
    datastoreType: 'AzureBlob',
    description: null,
    tags: null,
    properties: null,
    isDefault: false,
    subscriptionId: null,
    resourceGroup: null,
    accountName: world.storage?.name ?? 'none',
    containerName: null,
    fileShareName: null,
    filesystem: null,
    storeName: null,
    endpoint: 'core.windows.net',
    protocol: 'https',
    serviceDataAccessAuthIdentity: 'None',
    credentials: { credentialsType: 'AccountKey' },
    secrets: world.storage === null ? null : { secretsType: 'AccountKey', key: world.storage.key },
    createdAt: stores.get(name)?.createdAt ?? now,
    modifiedAt: now,
    createdBy: null,
    modifiedBy: 'service',
    ...special,
  });
}
