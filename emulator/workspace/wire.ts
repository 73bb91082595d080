import type { Workspace } from '../entities/workspace.js';
import type { Call } from '../http/route.js';
import { speaksSince } from '../versions/since.js';
import { workspacePath } from '../world.js';
import { neighbour, workspaceOf } from './state.js';

/** The workspace as GET and lists answer it. */
export function workspaceBody(call: Call): object {
  const { world } = call;
  const workspace = workspaceOf(world);
  const { tenant, region, workspace: name } = world.options;
  const { identity } = workspace;
  const isSystem = identity.type.includes('SystemAssigned');
  return {
    id: workspacePath(world),
    name,
    type: 'Microsoft.MachineLearningServices/workspaces',
    location: region,
    tags: workspace.tags,
    etag: null,
    properties: properties(call, workspace),
    identity: { ...identity, ...(isSystem ? { principalId: world.workspaceId, tenantId: tenant } : {}) },
    kind: workspace.kind,
    sku: { name: 'Basic', tier: 'Basic' },
    systemData: stamps(workspace),
  };
}

function properties(call: Call, workspace: Workspace): object {
  const { world, site } = call;
  const { options } = world;
  const { containerRegistry, primaryUserAssignedIdentity } = workspace;
  const isOf2023 = speaksSince(call, '2023');
  const isOf2024 = speaksSince(call, '2024');
  return {
    friendlyName: workspace.friendlyName,
    description: workspace.description,
    storageAccount: neighbour(world, 'Microsoft.Storage/storageAccounts', options.storageAccount ?? 'none'),
    keyVault: neighbour(world, 'Microsoft.Keyvault/vaults', 'emulated'),
    applicationInsights: workspace.applicationInsights,
    hbiWorkspace: false,
    tenantId: options.tenant,
    imageBuildCompute: workspace.imageBuildCompute,
    provisioningState: 'Succeeded',
    managedNetwork: { isolationMode: 'Disabled' },
    ...(isOf2024 ? { allowRoleAssignmentOnRG: true } : {}),
    v1LegacyMode: workspace.v1LegacyMode,
    softDeleteEnabled: false,
    ...(containerRegistry === null ? {} : { containerRegistry }),
    ...(isOf2023 ? { creationTime: zulu(workspace.createdAt) } : {}),
    notebookInfo: notebook(world.workspaceId, options),
    storageHnsEnabled: false,
    workspaceId: world.workspaceId,
    linkedModelInventoryArmId: null,
    privateLinkCount: 0,
    publicNetworkAccess: workspace.publicNetworkAccess,
    ...(isOf2024 ? openNetwork() : {}),
    discoveryUrl: `${site.data}/discovery`,
    mlFlowTrackingUri: `azureml://${new URL(site.data).host}/mlflow/v1.0${workspacePath(world)}`,
    ...(isOf2024 ? { serverlessComputeSettings: null, EnableSoftwareBillOfMaterials: false } : {}),
    sdkTelemetryAppInsightsKey: '',
    ...(isOf2024 ? {} : { sasGetterUri: '' }),
    ...(primaryUserAssignedIdentity === null ? {} : { primaryUserAssignedIdentity }),
    enableDataIsolation: workspace.enableDataIsolation,
  };
}

// Azure PowerShell's recording Get-AzMLWorkspace (2025-11, 2024-04-01) has them.
function openNetwork(): object {
  return {
    ipAllowlist: [],
    networkAcls: { defaultAction: 'Allow', bypass: '', ipRules: [], resourceAccessRules: [] },
  };
}

function notebook(workspaceId: string, { workspace, region }: { workspace: string; region: string }): object {
  return {
    resourceId: workspaceId.replaceAll('-', ''),
    fqdn: `ml-${workspace}-${region}-${workspaceId}.${region}.notebooks.azure.net`,
    isPrivateLinkEnabled: false,
    notebookPreparationError: null,
  };
}

// Workspaces write their times with a Z, other resources with the offset.
function stamps({ createdAt, modifiedAt }: Workspace): object {
  const by = { createdBy: 'Local User', createdByType: 'User' };
  const modified = { lastModifiedBy: 'Local User', lastModifiedByType: 'User' };
  return { createdAt: zulu(createdAt), ...by, lastModifiedAt: zulu(modifiedAt), ...modified };
}

function zulu(time: string): string {
  return new Date(time).toISOString();
}
