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
      properties: null,
      isDefault: store.isDefault,
      credentials: { credentialsType: store.credentialsType },
      datastoreType: store.datastoreType,
      accountName: store.accountName,
      containerName: store.containerName,
      endpoint: store.endpoint,
      protocol: store.protocol,
      serviceDataAccessAuthIdentity: store.serviceDataAccessAuthIdentity,
    },
    systemData: systemData(store),
  };
}
