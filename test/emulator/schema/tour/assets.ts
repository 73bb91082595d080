import { newGuid } from '../../../../emulator/options.js';
import { P } from '../../support/service.js';
import type { Tourist } from './tourist.js';

/** The workspace, datastores, and each kind of asset: registered, found again, listed, refused, deleted. */
export async function tourAssets(ask: Tourist): Promise<void> {
  await ask('GET', '');
  await tourDatastores(ask);
  for (const [kind, properties] of Object.entries(ASSETS)) await tourAsset(ask, kind, properties);
  await ask('GET', '/codes/any/versions?hash=abc&hashVersion=202208');
  for (const kind of ['codes', 'models', 'data']) {
    await ask('POST', `/${kind}/uploaded/versions/1/startPendingUpload`, {
      pendingUploadType: 'TemporaryBlobReference',
    });
  }
}

const uri = `azureml:/${P}/datastores/workspaceblobstore/paths/tour`.replace(
  'azureml://subscriptions',
  'azureml://subscriptions',
);

const ASSETS: Record<string, object> = {
  codes: {
    codeUri: 'https://testaccount.blob.core.windows.net/code/one',
    properties: { hash_sha256: 'abc', hash_version: '202208' },
  },
  environments: {
    image: 'python:3.11',
    condaFile: 'dependencies: [python=3.11]',
    osType: 'Linux',
    tags: { of: 'tour' },
  },
  models: { modelUri: uri, modelType: 'custom_model', description: 'of the tour', properties: { of: 'tour' } },
  data: { dataType: 'uri_folder', dataUri: uri, description: 'of the tour' },
};

/** What the names of versions of a kind cannot do without. */
const CONTAINERS: Record<string, object> = { data: { dataType: 'uri_folder' } };

async function tourAsset(ask: Tourist, kind: string, properties: object): Promise<void> {
  const version = `/${kind}/tour/versions/1`;
  await ask('PUT', version, { properties });
  await ask('PUT', version, { properties: { ...properties, isArchived: false } });
  await ask('PUT', `/${kind}/tour/versions/2`, { properties: { ...properties, isAnonymous: true } });
  await ask('GET', version);
  await ask('GET', `/${kind}/tour`);
  await ask('GET', `/${kind}/tour/versions`);
  await ask('GET', `/${kind}/tour/versions?$orderBy=createdtime desc&$top=1`);
  await ask('DELETE', `/${kind}/tour/versions/2`);
  await ask('DELETE', `/${kind}/tour/versions/2`);
  await ask('GET', `/${kind}/tour/versions/2`);
  await ask('GET', `/${kind}`);
  await ask('PUT', `/${kind}/tour`, { properties: { description: 'of the tour', ...CONTAINERS[kind] } });
  await ask('PUT', `/${kind}/bare`, { properties: { tags: { of: 'tour' }, ...CONTAINERS[kind] } });
  await ask('GET', `/${kind}/bare`);
  await ask('GET', `/${kind}/nowhere`);
  await ask('GET', `/${kind}/nowhere/versions`);
  await ask('PUT', version, { properties: { ...properties, colour: 'red' } });
}

async function tourDatastores(ask: Tourist): Promise<void> {
  const key = Buffer.from('a key of the tour').toString('base64');
  const blob = {
    datastoreType: 'AzureBlob',
    description: 'of the tour',
    tags: { of: 'tour' },
    accountName: 'testaccount',
    containerName: 'tour',
    endpoint: 'core.windows.net',
    protocol: 'https',
    credentials: { credentialsType: 'AccountKey', secrets: { secretsType: 'AccountKey', key } },
  };
  await ask('PUT', '/datastores/tour?skipValidation=true', { properties: blob });
  await ask('PUT', '/datastores/tour', { properties: blob });
  const { containerName: _, ...elsewhere } = blob;
  const kinds: Record<string, object> = {
    AzureFile: { ...elsewhere, fileShareName: 'tour' },
    AzureDataLakeGen2: { ...elsewhere, filesystem: 'tour' },
    AzureDataLakeGen1: { storeName: 'tour', credentials: { credentialsType: 'None' } },
  };
  for (const [datastoreType, properties] of Object.entries(kinds)) {
    await ask('PUT', `/datastores/${datastoreType}`, { properties: { ...properties, datastoreType } });
    await ask('GET', `/datastores/${datastoreType}`);
  }
  const principal = { tenantId: newGuid(), clientId: newGuid() };
  const credentials: object[] = [
    { credentialsType: 'Sas', secrets: { secretsType: 'Sas', sasToken: '?sig=tour' } },
    {
      credentialsType: 'ServicePrincipal',
      ...principal,
      secrets: { secretsType: 'ServicePrincipal', clientSecret: 'tour' },
    },
    {
      credentialsType: 'Certificate',
      ...principal,
      thumbprint: 'tour',
      secrets: { secretsType: 'Certificate', certificate: 'tour' },
    },
  ];
  for (const each of credentials) {
    await ask('PUT', '/datastores/secret', { properties: { ...blob, credentials: each } });
    await ask('POST', '/datastores/secret/listSecrets', {});
  }
  await ask('PUT', '/datastores/open', { properties: { ...blob, credentials: { credentialsType: 'None' } } });
  await ask('GET', '/datastores/tour');
  await ask('GET', '/datastores');
  await ask('GET', '/datastores?isDefault=true');
  await ask('POST', '/datastores/tour/listSecrets');
  await ask('POST', '/datastores/open/listSecrets');
  await ask('DELETE', '/datastores/tour');
  await ask('GET', '/datastores/tour');
  await ask('PUT', '/datastores/tour', { properties: { ...blob, colour: 'red' } });
}
