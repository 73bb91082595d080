import { timestamp } from '../timestamps.js';
import { workspacePath, type World } from '../world.js';

/** What computes of every kind have. */
export interface Compute {
  name: string;
  location: string;
  computeLocation: string | null;
  tags: Record<string, string | null> | null;
  identity: object | null;
  description: string | null;
  disableLocalAuth: boolean;
  createdAt: string;
  modifiedAt: string;
  provisioningState: string;
  provisioningErrors: object[] | null;
  provisioningWarnings: object | null | undefined;
}

/**
 * How an answer speaks of a compute: `new` and `existing` in the answer to a PUT or PATCH, which tells only what was asked
 * for; `there` in every other.
 */
export type Moment = 'new' | 'existing' | 'there';

/** A compute resource around the properties of its kind. */
export function computeResource(
  world: World,
  compute: Compute,
  computeType: string,
  moment: Moment,
  inner: object,
): object {
  const { name, location, tags, identity } = compute;
  return {
    id: `${workspacePath(world)}/computes/${name}`,
    name,
    type: 'Microsoft.MachineLearningServices/workspaces/computes',
    location,
    tags: moment === 'new' ? tags : (tags ?? {}),
    ...(identity === null ? {} : { identity: shownIdentity(world, identity) }),
    properties: {
      createdOn: timestamp(new Date(compute.createdAt)),
      modifiedOn: timestamp(new Date(compute.modifiedAt)),
      disableLocalAuth: compute.disableLocalAuth,
      description: compute.description,
      resourceId: moment === 'existing' ? batchId(world, name) : null,
      computeType,
      ...(moment === 'new' ? {} : { computeLocation: compute.computeLocation ?? location }),
      provisioningState: compute.provisioningState,
      provisioningErrors: compute.provisioningErrors,
      ...(compute.provisioningWarnings === undefined ? {} : { provisioningWarnings: compute.provisioningWarnings }),
      isAttachedCompute: false,
      properties: inner,
    },
  };
}

function batchId({ options }: World, name: string): string {
  return `/subscriptions/${options.subscription}/resourceGroups/${options.resourceGroup}/providers/Microsoft.BatchAI/workspaces/${options.workspace}/clusters/${name}`;
}

// The service makes the system's identity, and tells of each user's what it found in the directory.
function shownIdentity({ workspaceId, options }: World, identity: object): object {
  const { type, userAssignedIdentities } = identity as { type?: string; userAssignedIdentities?: object | null };
  const isSystem = type?.includes('SystemAssigned') === true;
  const users = Object.keys(userAssignedIdentities ?? {}).map((id) => [
    id,
    { principalId: workspaceId, clientId: workspaceId },
  ]);
  return {
    type,
    ...(isSystem ? { principalId: workspaceId, tenantId: options.tenant } : {}),
    ...(users.length === 0 ? {} : { userAssignedIdentities: Object.fromEntries(users) as object }),
  };
}
