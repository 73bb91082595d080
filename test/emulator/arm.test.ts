import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { AmlCompute, AzureBlobDatastore } from '@azure/arm-machinelearning';
import { ClientSecretCredential } from '@azure/identity';

import { DEFAULTS } from '../../emulator/options.js';
import { ask, GROUP, P, startService, WORKSPACE, type Service } from './support/service.js';
import { createCluster, jobBody, reach } from './support/jobs.js';
import { until } from './support/until.js';

const LOCATION = `/subscriptions/${DEFAULTS.subscription}/providers/Microsoft.MachineLearningServices/locations/${DEFAULTS.region}`;

describe('emulator: official clients and recorded answers', function () {
  this.timeout(30_000);
  let service: Service;

  before(async () => (service = await startService({ speed: 20, provisionSeconds: 4 })));
  after(() => service.stop());

  it('gives a token to a service principal with the right secret only', async () => {
    const ca = readFileSync(service.emulator.caFile, 'utf8');
    const options = { authorityHost: service.emulator.url, disableInstanceDiscovery: true, tlsOptions: { ca } };
    const good = await service.credential.getToken('https://storage.azure.com/.default');
    const claims = JSON.parse(Buffer.from(good.token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    assert.equal(claims['aud'], 'https://storage.azure.com');
    assert.equal(claims['iss'], `https://sts.windows.net/${DEFAULTS.tenant}/`);
    const bad = new ClientSecretCredential(DEFAULTS.tenant, DEFAULTS.clientId, 'wrong', options);
    await assert.rejects(bad.getToken('https://management.azure.com/.default'), /invalid_client.*AADSTS7000215/s);
  });

  it('refuses a missing token, a token of somebody else and one for another audience with 401 and a challenge', async () => {
    const ca = readFileSync(service.emulator.caFile, 'utf8');
    const url = new URL(`${P}?api-version=2024-04-01`, service.emulator.url);
    const other = await service.credential.getToken('https://storage.azure.com/.default');
    const forged = other.token.replace(/.{10}$/, 'AAAAAAAAAA');
    const codes = [];
    for (const header of [{}, { authorization: `Bearer ${forged}` }, { authorization: `Bearer ${other.token}` }]) {
      const answer = await ask(url, ca, 'GET', undefined, header);
      assert.equal(answer.status, 401);
      assert.match(String(answer.headers['www-authenticate']), /^Bearer authorization_uri="https:/);
      codes.push(answer.json.error.code);
    }
    assert.deepEqual(codes, [
      'AuthenticationFailed',
      'InvalidAuthenticationToken',
      'InvalidAuthenticationTokenAudience',
    ]);
  });

  it('knows its workspace in any case, and no other', async () => {
    const workspace = await service.arm.workspaces.get(GROUP.toUpperCase(), WORKSPACE);
    assert.equal(workspace.discoveryUrl, `${service.emulator.url}/discovery`);
    await assert.rejects(service.arm.workspaces.get(GROUP, 'other'), { statusCode: 404, code: 'ResourceNotFound' });
  });

  it('lets a cluster be created, scaled, listed and deleted by the official client', async () => {
    const { computeOperations: computes } = service.arm;
    const every = { updateIntervalInMs: 50 };
    const properties = {
      vmSize: 'Standard_NC96ads_A100_v4',
      vmPriority: 'LowPriority',
      scaleSettings: { maxNodeCount: 3, minNodeCount: 0 },
    };
    const made = await computes.beginCreateOrUpdateAndWait(
      GROUP,
      WORKSPACE,
      'gpus',
      { location: 'eastus', properties: { computeType: 'AmlCompute', properties } },
      every,
    );
    const cluster = (made.properties as AmlCompute).properties;
    assert.equal(made.properties?.provisioningState, 'Succeeded');
    assert.equal(cluster?.vmSize, 'STANDARD_NC96ADS_A100_V4');
    assert.equal(cluster?.nodeStateCounts?.idleNodeCount, 0);
    const scaled = await computes.beginUpdateAndWait(
      GROUP,
      WORKSPACE,
      'gpus',
      { properties: { scaleSettings: { minNodeCount: 1, maxNodeCount: 2 } } },
      every,
    );
    assert.equal((scaled.properties as AmlCompute).properties?.scaleSettings?.maxNodeCount, 2);
    await until('a node', async () => {
      const nodes = [];
      for await (const node of computes.listNodes(GROUP, WORKSPACE, 'gpus')) nodes.push(node);
      return nodes.length === 1 && nodes[0]?.nodeState === 'idle';
    });
    const cores = (await service.call('GET', `${LOCATION}/usages`)).json.value.find((row: { type: string }) =>
      row.type.endsWith('/lowPriorityCores/usages'),
    );
    assert.equal(cores.currentValue, 96);
    assert.equal(cores.name.value, 'TotalLowPriorityCores');
    await computes.beginDeleteAndWait(GROUP, WORKSPACE, 'gpus', 'Delete', every);
    const gone = await service.call('GET', '/computes/gpus');
    assert.deepEqual([gone.status, gone.text], [404, '']);
  });

  it('answers a compute PUT as recorded: 201 for a new and an existing name, with Azure-AsyncOperation alone', async () => {
    const body = {
      location: 'eastus',
      properties: {
        computeType: 'AmlCompute',
        properties: { vmSize: 'Standard_D2s_v3', scaleSettings: { maxNodeCount: 1 } },
      },
    };
    for (const tags of [null, {}]) {
      const answer = await service.call('PUT', '/computes/twice', body);
      assert.equal(answer.status, 201);
      assert.equal(answer.headers['location'], undefined);
      assert.match(
        String(answer.headers['azure-asyncoperation']),
        /computeOperationsStatus\/[0-9a-f-]{36}\?api-version=2024-04-01&service=new&t=\d+&c=[\w-]+&s=[\w-]+&h=[\w-]+$/,
      );
      assert.equal(answer.json.properties.provisioningState, 'Creating');
      assert.deepEqual(answer.json.tags, tags);
    }
  });

  it('refuses sizes that there are not', async () => {
    const refused = await service.call('PUT', '/computes/no', {
      properties: { computeType: 'AmlCompute', properties: { vmSize: 'Standard_NC24rs_v3' } },
    });
    assert.equal(refused.status, 400);
    assert.match(refused.text, /not a supported VM size/);
  });

  it('shrinks an idle cluster to its minimum, on the fast clock', async () => {
    await createCluster(service, 'brief', {
      scaleSettings: { minNodeCount: 0, maxNodeCount: 1, nodeIdleTimeBeforeScaleDown: 'PT4S' },
    });
    await service.call(
      'PUT',
      '/jobs/short',
      jobBody('brief', 'true', { resources: { instanceCount: 1 }, distribution: null }),
    );
    await reach(service, 'short', 'Completed');
    await until(
      'no node to be left',
      async () => (await service.call('GET', '/computes/brief')).json.properties.properties.currentNodeCount === 0,
    );
  });

  it('keeps the secrets of a datastore to itself but for listSecrets', async () => {
    const { datastores } = service.arm;
    const wanted: AzureBlobDatastore = {
      datastoreType: 'AzureBlob',
      accountName: 'elsewhere',
      containerName: 'box',
      credentials: { credentialsType: 'AccountKey', secrets: { secretsType: 'AccountKey', key: 'c2VjcmV0' } },
    };
    await datastores.createOrUpdate(GROUP, WORKSPACE, 'mine', { properties: wanted }, { skipValidation: true });
    const answer = await service.call('GET', '/datastores/mine');
    assert.deepEqual(answer.json.properties.credentials, { credentialsType: 'AccountKey' });
    assert.equal((await service.call('GET', '/_emulator/state')).text.includes('c2VjcmV0'), false);
    const secrets = await datastores.listSecrets(GROUP, WORKSPACE, 'mine');
    assert.equal((secrets as { key?: string }).key, 'c2VjcmV0');
    await datastores.delete(GROUP, WORKSPACE, 'mine');
    await assert.rejects(datastores.get(GROUP, WORKSPACE, 'mine'), /Could not find datastore: mine\./);
  });

  it('accepts a job once: the same again is harmless, tags may change, anything else is JobPropertyImmutable', async () => {
    await createCluster(service, 'jobs');
    const first = await service.call('PUT', '/jobs/once', jobBody('jobs', 'true', { tags: { a: '1' } }));
    assert.equal(first.status, 201);
    assert.equal(first.json.properties.status, 'Starting');
    assert.ok(String(first.headers['location']).endsWith('/jobs/once?api-version=2024-04-01'));
    assert.equal((await service.call('PUT', '/jobs/once', jobBody('jobs', 'true', { tags: { a: '1' } }))).status, 200);
    const tagged = await service.call('PUT', '/jobs/once', jobBody('jobs', 'true', { tags: { b: '2' } }));
    assert.equal(tagged.status, 200);
    assert.equal(tagged.json.properties.tags.b, '2');
    const changed = await service.call('PUT', '/jobs/once', jobBody('jobs', 'false'));
    assert.equal(changed.status, 400);
    const inner = changed.json.error.additionalInfo.find(({ type }: { type: string }) => type === 'InnerError').info
      .value;
    assert.deepEqual(inner, { code: 'Immutable', innerError: { code: 'JobPropertyImmutable', innerError: null } });
  });

  it('lists jobs by tag, page by page, through the official client', async () => {
    await createCluster(service, 'many', { scaleSettings: { minNodeCount: 0, maxNodeCount: 0 } });
    const names = Array.from({ length: 120 }, (_, index) => `page-${index}`);
    await Promise.all(
      names.map((name) => service.call('PUT', `/jobs/${name}`, jobBody('many', 'true', { tags: { run: 'p' } }))),
    );
    const found = [];
    for await (const job of service.arm.jobs.list(GROUP, WORKSPACE, { tag: 'run=p' })) found.push(job.name);
    assert.deepEqual(found.sort(), names.sort());
    const alone = [];
    for await (const job of service.arm.jobs.list(GROUP, WORKSPACE, { tag: 'run=q' })) alone.push(job.name);
    assert.deepEqual(alone, []);
  });

  it('answers for an unknown job in the envelope that was recorded', async () => {
    const { status, headers, json } = await service.call('GET', '/jobs/nobody');
    assert.equal(status, 404);
    assert.equal(headers['x-ms-response-type'], 'error');
    assert.equal(json.error.message, 'Job nobody not found.');
    const types = json.error.additionalInfo.map(({ type }: { type: string }) => type);
    assert.deepEqual(types, [
      'ComponentName',
      'Correlation',
      'Environment',
      'Location',
      'Time',
      'InnerError',
      'MessageFormat',
      'MessageParameters',
    ]);
  });

  it('fails a job that asks for more nodes than its cluster may have', async () => {
    await service.call('PUT', '/jobs/toobig', jobBody('jobs', 'true', { resources: { instanceCount: 9 } }));
    await reach(service, 'toobig', 'Failed');
  });

  it('finds code by its hash wherever it is, and never changes it', async () => {
    const properties = {
      codeUri: 'https://a.blob.core.windows.net/c/x',
      properties: { hash_sha256: 'abc', hash_version: '202208' },
    };
    await service.call('PUT', '/codes/one/versions/1', { properties });
    const again = await service.call('PUT', '/codes/one/versions/1', {
      properties: { ...properties, codeUri: 'https://other' },
    });
    assert.deepEqual([again.status, again.json.properties.codeUri], [200, properties.codeUri]);
    const found = await service.call('GET', '/codes/two/versions?hash=abc&hashVersion=202208');
    assert.equal(found.json.value[0].id, `${P}/codes/one/versions/1`);
    assert.deepEqual((await service.call('GET', '/codes/two/versions?hash=def&hashVersion=202208')).json, {
      value: [],
    });
  });

  it('names what it does not emulate, with 501', async () => {
    const { status, json } = await service.call('GET', `${P}/schedules`);
    assert.equal(status, 501);
    assert.match(json.error.message, /does not emulate schedules: GET .*\/schedules/);
    const sweep = await service.call('PUT', '/jobs/sweep', { properties: { jobType: 'Sweep' } });
    assert.equal(sweep.status, 501);
  });
});
