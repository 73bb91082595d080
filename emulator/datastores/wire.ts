import type { Datastore } from '../entities/datastore.js';
import { systemData } from '../entities/systemData.js';
import { workspacePath, type World } from '../world.js';

/** A datastore as GET and PUT answer it; its secrets are never in there. */
export function datastoreBody(world: World, store: Datastore): object {
  return {
    id: `${workspacePath(world)}/datastores/${store.name}`,
    name: store.name,
    type: 'Microsoft.MachineLearningServices/workspaces/datastores',
    properties: {
      description: store.description,
      tags: store.tags,
      properties: store.properties,
      isDefault: store.isDefault,
      credentials: store.credentials,
      subscriptionId: store.subscriptionId,
      resourceGroup: store.resourceGroup,
      datastoreType: store.datastoreType,
      ...placeOf(store),
      serviceDataAccessAuthIdentity: store.serviceDataAccessAuthIdentity,
    },
    systemData: systemData(store),
  };
}

function placeOf(store: Datastore): object {
  const { accountName, containerName, fileShareName, filesystem, storeName, endpoint, protocol } = store;
  switch (store.datastoreType) {
    case 'AzureBlob':
      return { accountName, containerName, endpoint, protocol };
    case 'AzureFile':
      return { accountName, fileShareName, endpoint, protocol };
    case 'AzureDataLakeGen2':
      return { filesystem, accountName, endpoint, protocol };
    case 'AzureDataLakeGen1':
      return { storeName };
  }
}
