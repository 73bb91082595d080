import { azureHost } from './hosts.js';
import { ok, type Call, type Reply, type Route } from '../http/route.js';

/** The document by which clients of Azure Resource Manager find the endpoints of a cloud. */
export const metadataRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/metadata/endpoints',
    guard: 'open',
    title: 'Endpoints of the cloud (ARM_CLOUD_METADATA_URL)',
    handle: metadata,
  },
];

/** Since this version the answer is one cloud, before it a list of clouds. */
const ONE_CLOUD_SINCE = '2022-09-01';

function metadata(call: Call): Reply {
  const version = call.query.get('api-version') ?? '2019-05-01';
  return ok(version >= ONE_CLOUD_SINCE ? cloud(call) : [cloud(call)]);
}

// azure-ai-ml keeps its own endpoints for the names that it knows, so on loopback the cloud must have another.
function cloud({ site }: Call): object {
  const isAzure = azureHost(new URL(site.arm).host) !== undefined;
  return {
    portal: 'https://portal.azure.com',
    authentication: {
      loginEndpoint: site.login,
      audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
      tenant: 'common',
      identityProvider: 'AAD',
    },
    media: 'https://rest.media.azure.net',
    graphAudience: 'https://graph.windows.net/',
    graph: 'https://graph.windows.net/',
    name: isAzure ? 'AzureCloud' : 'AzureMLEmulator',
    suffixes: {
      azureDataLakeStoreFileSystem: 'azuredatalakestore.net',
      acrLoginServer: 'azurecr.io',
      sqlServerHostname: 'database.windows.net',
      azureDataLakeAnalyticsCatalogAndJob: 'azuredatalakeanalytics.net',
      keyVaultDns: 'vault.azure.net',
      storage: 'core.windows.net',
      azureFrontDoorEndpointSuffix: 'azurefd.net',
    },
    batch: 'https://batch.core.windows.net/',
    resourceManager: `${site.arm}/`,
    vmImageAliasDoc:
      'https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json',
    activeDirectoryDataLake: 'https://datalake.azure.net/',
    sqlManagement: 'https://management.core.windows.net:8443/',
    gallery: 'https://gallery.azure.com/',
  };
}
