import type { Workspace } from '../entities/workspace.js';
import type { World } from '../world.js';

const KEY = 'self';

/** The workspace as it is now; made at the first look. */
export function workspaceOf(world: World): Workspace {
  const kept = world.store.collection<Workspace>('workspace');
  return kept.get(KEY) ?? kept.put(KEY, born(world));
}

/** Changes the workspace, and when it was changed. */
export function changeWorkspace(world: World, changes: Partial<Workspace>): void {
  const modifiedAt = world.clock.now().toISOString();
  world.store.collection<Workspace>('workspace').put(KEY, { ...workspaceOf(world), modifiedAt, ...changes });
}

/** A resource beside the workspace, in its group. */
export function neighbour({ options }: World, type: string, name: string): string {
  return `/subscriptions/${options.subscription}/resourceGroups/${options.resourceGroup}/providers/${type}/${name}`;
}

function born(world: World): Workspace {
  const now = world.clock.now().toISOString();
  return {
    createdAt: now,
    modifiedAt: now,
    deleted: false,
    tags: {},
    identity: { type: 'SystemAssigned' },
    kind: 'Default',
    friendlyName: world.options.workspace,
    description: '',
    applicationInsights: neighbour(world, 'Microsoft.insights/components', 'emulated'),
    containerRegistry: neighbour(world, 'Microsoft.ContainerRegistry/registries', 'emulated'),
    imageBuildCompute: null,
    publicNetworkAccess: 'Enabled',
    primaryUserAssignedIdentity: null,
    v1LegacyMode: false,
    enableDataIsolation: false,
  };
}
