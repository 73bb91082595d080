/** Something that Azure serves and the emulator does not, recognised by its path. */
export interface Unserved {
  /** Parts of the path behind the base, `*` for any one; what follows them does not matter. */
  path: string;
  /** What it is, for the 501 and for SUPPORT.md. */
  name: string;
}

/** A part of Azure's address space with what is not served in it. */
export interface Realm {
  /** For SUPPORT.md. */
  title: string;
  /** Matches the path up to what `path` of an entry goes on with. */
  base: RegExp;
  unserved: readonly Unserved[];
}

const PROVIDER = '/providers/microsoft\\.machinelearningservices';

/** What is known not to be served; whatever else is asked for is answered 501 too and named by its path. */
export const UNSERVED: readonly Realm[] = [
  {
    title: 'Below a workspace',
    base: new RegExp(`^/subscriptions/[^/]+/resourcegroups/[^/]+${PROVIDER}/workspaces/[^/]+/`, 'i'),
    unserved: [
      { path: 'batchEndpoints', name: 'batch endpoints' },
      { path: 'capabilityHosts', name: 'capability hosts' },
      { path: 'codes/*/versions/*/publish', name: 'publishing to registries' },
      { path: 'components', name: 'components' },
      { path: 'computes/*/listKeys', name: 'keys of computes' },
      { path: 'connections', name: 'connections' },
      { path: 'data/*/versions/*/publish', name: 'publishing to registries' },
      { path: 'diagnose', name: 'diagnosis of workspaces' },
      { path: 'endpoints', name: 'endpoints' },
      { path: 'environments/*/versions/*/publish', name: 'publishing to registries' },
      { path: 'features', name: 'features of workspaces' },
      { path: 'featuresets', name: 'feature stores' },
      { path: 'featurestoreEntities', name: 'feature stores' },
      { path: 'inferencePools', name: 'inference pools' },
      { path: 'labelingJobs', name: 'labeling jobs' },
      { path: 'listKeys', name: 'keys of workspaces' },
      { path: 'listNotebookAccessToken', name: 'notebooks' },
      { path: 'listNotebookKeys', name: 'notebooks' },
      { path: 'listStorageAccountKeys', name: 'keys of workspaces' },
      { path: 'marketplaceSubscriptions', name: 'marketplace subscriptions' },
      { path: 'models/*/versions/*/package', name: 'packaging of models' },
      { path: 'models/*/versions/*/publish', name: 'publishing to registries' },
      { path: 'onlineEndpoints', name: 'online endpoints' },
      { path: 'outboundNetworkDependenciesEndpoints', name: 'managed networks' },
      { path: 'outboundRules', name: 'managed networks' },
      { path: 'prepareNotebook', name: 'notebooks' },
      { path: 'privateEndpointConnections', name: 'private links' },
      { path: 'privateLinkResources', name: 'private links' },
      { path: 'provisionManagedNetwork', name: 'managed networks' },
      { path: 'resyncKeys', name: 'keys of workspaces' },
      { path: 'schedules', name: 'schedules' },
      { path: 'serverlessEndpoints', name: 'serverless endpoints' },
    ],
  },
  {
    title: 'Elsewhere in Microsoft.MachineLearningServices',
    base: new RegExp(`^(/subscriptions/[^/]+(/resourcegroups/[^/]+)?)?${PROVIDER}/`, 'i'),
    unserved: [
      { path: 'locations/*/updateQuotas', name: 'changes of quotas' },
      { path: 'operations', name: 'the list of operations of the provider' },
      { path: 'registries', name: 'registries' },
      { path: 'virtualClusters', name: 'virtual clusters' },
      { path: 'workspaces', name: 'creating workspaces' },
    ],
  },
  {
    title: 'Elsewhere in Azure',
    base: /^\//,
    unserved: [
      { path: 'assetstore', name: 'the asset store of the data plane' },
      { path: 'content', name: 'snapshots of the data plane' },
      { path: 'execution', name: 'local runs' },
      { path: 'mlflow', name: 'MLflow' },
      { path: 'modelmanagement', name: 'model management of the data plane' },
      { path: 'pipelines', name: 'pipelines' },
      { path: 'studioservice', name: 'the studio' },
      { path: 'subscriptions/*/providers/Microsoft.Quota', name: 'quota requests' },
      { path: 'subscriptions/*/resourceGroups/*/providers/Microsoft.Authorization', name: 'role assignments' },
      { path: 'subscriptions/*/resourceGroups/*/providers/Microsoft.ContainerRegistry', name: 'container registries' },
      { path: 'subscriptions/*/resourceGroups/*/providers/Microsoft.KeyVault', name: 'key vaults' },
      { path: 'subscriptions/*/resourceGroups/*/providers/Microsoft.Resources', name: 'resource deployments' },
      { path: 'subscriptions/*/resourceGroups/*/providers/Microsoft.Storage', name: 'storage accounts as resources' },
    ],
  },
];

/** What a path that nothing serves would have led to; null when it is not known. */
export function unservedAt(path: string): string | null {
  for (const { base, unserved } of UNSERVED) {
    const found = base.exec(path)?.[0];
    if (found === undefined) continue;
    const parts = path.slice(found.length).toLowerCase().split('/');
    return unserved.find((each) => begins(parts, each.path.toLowerCase().split('/')))?.name ?? null;
  }
  return null;
}

function begins(parts: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((want, index) => want === '*' || want === parts[index]);
}
