import { WORKSPACE, ok, type Call, type Reply, type Route } from '../http/route.js';
import { workspacePath } from '../world.js';
import { systemData } from '../entities/systemData.js';

/** The workspace itself and the document that says where its data plane is. */
export const workspaceRoutes: readonly Route[] = [
  { method: 'GET', path: WORKSPACE, title: 'Workspace', guard: 'arm', answer: 'Workspace', handle: getWorkspace },
  { method: 'GET', path: '/discovery', title: 'Addresses of the data plane', guard: 'open', handle: discovery },
];

function getWorkspace({ world, site }: Call): Reply {
  const { options } = world;
  const id = workspacePath(world);
  const group = `/subscriptions/${options.subscription}/resourceGroups/${options.resourceGroup}/providers`;
  const created = new Date(0).toISOString();
  return ok({
    id,
    name: options.workspace,
    type: 'Microsoft.MachineLearningServices/workspaces',
    location: options.region,
    tags: {},
    etag: null,
    properties: {
      friendlyName: options.workspace,
      description: '',
      storageAccount: `${group}/Microsoft.Storage/storageAccounts/${options.storageAccount ?? 'none'}`,
      keyVault: `${group}/Microsoft.Keyvault/vaults/emulated`,
      applicationInsights: `${group}/Microsoft.insights/components/emulated`,
      hbiWorkspace: false,
      tenantId: options.tenant,
      imageBuildCompute: null,
      provisioningState: 'Succeeded',
      v1LegacyMode: false,
      softDeleteEnabled: false,
      containerRegistry: `${group}/Microsoft.ContainerRegistry/registries/emulated`,
      notebookInfo: null,
      storageHnsEnabled: false,
      workspaceId: world.workspaceId,
      linkedModelInventoryArmId: null,
      privateLinkCount: 0,
      publicNetworkAccess: 'Enabled',
      discoveryUrl: `${site.data}/discovery`,
      mlFlowTrackingUri: `azureml://${new URL(site.data).host}/mlflow/v1.0${id}`,
      sdkTelemetryAppInsightsKey: '',
      sasGetterUri: '',
      enableDataIsolation: false,
    },
    identity: { type: 'SystemAssigned', principalId: world.workspaceId, tenantId: options.tenant },
    kind: 'Default',
    sku: { name: 'Basic', tier: 'Basic' },
    systemData: systemData({ createdAt: created, modifiedAt: created }),
  });
}

function discovery({ site }: Call): Reply {
  const here = site.data;
  return ok({
    api: here,
    catalog: here,
    experimentation: here,
    gallery: here,
    history: here,
    hyperdrive: here,
    labeling: here,
    modelmanagement: here,
    pipelines: here,
    studio: 'https://ml.azure.com',
  });
}
