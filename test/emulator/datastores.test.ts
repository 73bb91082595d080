import assert from 'node:assert/strict';

import { startService, type Service } from './support/service.js';

const PRINCIPAL = { tenantId: 'a-tenant', clientId: 'a-client' };

/** What is put, what is shown of it, what listSecrets tells. */
const CREDENTIALS: Record<string, { sent: object; shown: object; secrets: object | null }> = {
  AccountKey: { sent: { secrets: { key: 'k' } }, shown: {}, secrets: { secretsType: 'AccountKey', key: 'k' } },
  Sas: { sent: { secrets: { sasToken: '?s' } }, shown: {}, secrets: { secretsType: 'Sas', sasToken: '?s' } },
  ServicePrincipal: {
    sent: { ...PRINCIPAL, secrets: { clientSecret: 'c' } },
    shown: PRINCIPAL,
    secrets: { secretsType: 'ServicePrincipal', clientSecret: 'c' },
  },
  Certificate: {
    sent: { ...PRINCIPAL, thumbprint: 't', secrets: { certificate: 'pem' } },
    shown: { ...PRINCIPAL, thumbprint: 't' },
    secrets: { secretsType: 'Certificate', certificate: 'pem' },
  },
  None: { sent: {}, shown: {}, secrets: null },
};

const TYPES: Record<string, object> = {
  AzureBlob: { accountName: 'a', containerName: 'c' },
  AzureFile: { accountName: 'a', fileShareName: 's' },
  AzureDataLakeGen2: { accountName: 'a', filesystem: 'f' },
  AzureDataLakeGen1: { storeName: 'l' },
};

describe('emulator: datastores', () => {
  let service: Service;

  before(async () => (service = await startService()));
  after(() => service.stop());

  const put = (name: string, properties: object): ReturnType<Service['call']> =>
    service.call('PUT', `/datastores/${name}`, { properties });

  for (const [datastoreType, place] of Object.entries(TYPES)) {
    for (const [credentialsType, { sent, shown, secrets }] of Object.entries(CREDENTIALS)) {
      it(`of type ${datastoreType} keep credentials of type ${credentialsType}, and tell secrets when asked alone`, async () => {
        const name = `${datastoreType}_${credentialsType}`;
        const credentials = { credentialsType, ...sent };
        const made = await put(name, { datastoreType, ...place, credentials });
        assert.equal(made.status, 201);
        const { json } = await service.call('GET', `/datastores/${name}`);
        const { credentials: kept, ...others } = json.properties;
        assert.equal('secrets' in kept, false);
        for (const [field, value] of Object.entries({ ...shown, credentialsType })) assert.equal(kept[field], value);
        for (const [field, value] of Object.entries(place)) assert.equal(others[field], value);
        const told = await service.call('POST', `/datastores/${name}/listSecrets`, {});
        assert.equal(told.status, secrets === null ? 400 : 200);
        if (secrets !== null) assert.deepEqual(told.json, secrets);
      });
    }
  }

  it('are replaced by a second PUT, which is answered 200', async () => {
    const properties = { datastoreType: 'AzureBlob', ...TYPES['AzureBlob'], credentials: { credentialsType: 'None' } };
    await put('twice', { ...properties, description: 'first' });
    const again = await put('twice', properties);
    assert.deepEqual([again.status, again.json.properties.description], [200, null]);
  });

  it('are refused without what their type needs, or of a type that nobody knows', async () => {
    const bare = await put('bare', { datastoreType: 'AzureFile', credentials: { credentialsType: 'None' } });
    assert.equal(bare.status, 400);
    const odd = await put('odd', { datastoreType: 'AzureTape', credentials: { credentialsType: 'None' } });
    assert.equal(odd.status, 400);
    const later = await put('later', { datastoreType: 'OneLake', credentials: { credentialsType: 'None' } });
    assert.match(later.json.error.message, /does not emulate datastores of type OneLake/);
  });

  it('are four at the birth of a workspace, of which one is the default', async () => {
    const fresh = await startService({ storage: true });
    try {
      const { json } = await fresh.call('GET', '/datastores');
      assert.deepEqual(json.value.map(({ name }: { name: string }) => name).sort(), [
        'workspaceartifactstore',
        'workspaceblobstore',
        'workspacefilestore',
        'workspaceworkingdirectory',
      ]);
      const chosen = await fresh.call('GET', '/datastores?isDefault=true');
      assert.deepEqual(
        chosen.json.value.map(({ name }: { name: string }) => name),
        ['workspaceblobstore'],
      );
    } finally {
      await fresh.stop();
    }
  });
});
