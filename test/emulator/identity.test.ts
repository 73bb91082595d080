import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ClientSecretCredential, WorkloadIdentityCredential } from '@azure/identity';

import { EXCHANGE } from '../../emulator/identity/assertion.js';
import { operationOf } from '../../emulator/identity/authorization.js';
import { createSigner, type Signer } from '../../emulator/identity/signer.js';
import { DEFAULTS } from '../../emulator/options.js';
import { ask, P, SECRET, startService, type Answer, type Service } from './support/service.js';

const ARM = 'https://management.azure.com/.default';
const READER = '00000000-0000-0000-0000-0000000000d1';
const NOBODY = '00000000-0000-0000-0000-0000000000d2';
const SUBJECT = 'system:serviceaccount:training:bertha';

describe('emulator: identity', function () {
  this.timeout(20_000);
  let service: Service;
  let folder: string;
  let ca: string;
  let ours: Signer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulator-identity-'));
    service = await startService({
      stateDir: join(folder, 'state'),
      federatedSubject: SUBJECT,
      principals: [
        { clientId: READER, secret: 'read', role: 'reader' },
        { clientId: NOBODY, secret: 'nothing', role: 'none' },
      ],
    });
    ca = readFileSync(service.emulator.caFile, 'utf8');
    const kept = readFileSync(join(folder, 'state', 'store', 'identity', 'self.json'), 'utf8');
    ours = createSigner((JSON.parse(kept) as { pem: string }).pem);
  });
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const authority = (): object => ({
    authorityHost: service.emulator.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca },
  });
  const tokenRequest = (fields: Record<string, string>, tenant = DEFAULTS.tenant): Promise<Answer> =>
    ask(
      new URL(`/${tenant}/oauth2/v2.0/token`, service.emulator.url),
      ca,
      'POST',
      new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: DEFAULTS.clientId,
        scope: ARM,
        ...fields,
      }).toString(),
      { 'content-type': 'application/x-www-form-urlencoded' },
    );
  const assertion = (text: string): Record<string, string> => ({
    client_assertion: text,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  });
  const as = async (clientId: string, secret: string): Promise<Record<string, string>> => {
    const { token } = await new ClientSecretCredential(DEFAULTS.tenant, clientId, secret, authority()).getToken(ARM);
    return { authorization: `Bearer ${token}` };
  };
  const claims = (changes: Record<string, string | number> = {}): Record<string, string | number> => {
    const now = Math.floor(Date.now() / 1000);
    return { sub: SUBJECT, aud: EXCHANGE, iss: 'https://issuer', iat: now, nbf: now, exp: now + 600, ...changes };
  };
  const loggedIn = async (file: string): Promise<string> => {
    const credential = new WorkloadIdentityCredential({
      ...authority(),
      tenantId: DEFAULTS.tenant,
      clientId: DEFAULTS.clientId,
      tokenFilePath: file,
    });
    return (await credential.getToken(ARM)).token;
  };

  it('takes a federated token that it signed itself, through WorkloadIdentityCredential', async () => {
    const { token } = (await service.call('POST', '/_emulator/federated-token')).json as { token: string };
    const file = join(folder, 'own-token');
    await writeFile(file, token);
    const answer = await service.call('GET', P, undefined, { authorization: `Bearer ${await loggedIn(file)}` });
    assert.equal(answer.status, 200);
  });

  it("takes another issuer's federated token with the subject it was told, through WorkloadIdentityCredential", async () => {
    const file = join(folder, 'foreign-token');
    await writeFile(file, createSigner().sign(claims()));
    const answer = await service.call('GET', P, undefined, { authorization: `Bearer ${await loggedIn(file)}` });
    assert.equal(answer.status, 200);
  });

  const now = Math.floor(Date.now() / 1000);
  const badAssertions: [string, () => string, number, number][] = [
    ['that is over', () => createSigner().sign(claims({ exp: now - 3600 })), 401, 700024],
    ['of another subject', () => createSigner().sign(claims({ sub: 'somebody' })), 401, 700213],
    ['for another audience', () => createSigner().sign(claims({ aud: 'api://other' })), 401, 700212],
    [
      'that claims to be its own and is not',
      () => createSigner().sign(claims({ sub: 'system:serviceaccount:default:azureml-emulator' })),
      401,
      700027,
    ],
    ['that is none', () => 'nonsense', 400, 50027],
  ];
  for (const [what, make, status, code] of badAssertions) {
    it(`refuses a federated token ${what} with AADSTS${code}`, async () => {
      const answer = await tokenRequest(assertion(make()));
      assert.equal(answer.status, status);
      assert.deepEqual(answer.json.error_codes, [code]);
      assert.match(answer.json.error_description, new RegExp(`^AADSTS${code}: .* Trace ID: `));
    });
  }

  const badRequests: [string, Record<string, string>, string, number, number][] = [
    ['a wrong secret', { client_secret: 'no' }, DEFAULTS.tenant, 401, 7000215],
    ['no credential', {}, DEFAULTS.tenant, 401, 7000218],
    ['a stranger', { client_id: 'who', client_secret: 'x' }, DEFAULTS.tenant, 400, 700016],
    ['an unknown tenant', { client_secret: SECRET }, 'elsewhere', 400, 90002],
    ['no tenant in particular', { client_secret: SECRET }, 'organizations', 400, 50059],
    ['another grant', { grant_type: 'password' }, DEFAULTS.tenant, 400, 70003],
    ['a scope without /.default', { client_secret: SECRET, scope: 'https://x' }, DEFAULTS.tenant, 400, 1002012],
  ];
  for (const [what, fields, tenant, status, code] of badRequests) {
    it(`refuses ${what} with AADSTS${code}`, async () => {
      const answer = await tokenRequest(fields, tenant);
      assert.deepEqual([answer.status, answer.json.error_codes], [status, [code]]);
    });
  }

  it('tells a client that asks that its own authority is a real one, and no stranger', async () => {
    const discover = (endpoint: string): Promise<Answer> =>
      service.call('GET', `/common/discovery/instance?authorization_endpoint=${encodeURIComponent(endpoint)}`);
    const { url } = service.emulator;
    const own = await discover(`${url}/${DEFAULTS.tenant}/oauth2/v2.0/authorize`);
    assert.equal(own.json.tenant_discovery_endpoint, `${url}/${DEFAULTS.tenant}/v2.0/.well-known/openid-configuration`);
    assert.equal(own.json.metadata.at(-1).preferred_network, new URL(url).host);
    const found = await ask(new URL(own.json.tenant_discovery_endpoint), ca, 'GET');
    assert.equal(found.json.token_endpoint, `${url}/${DEFAULTS.tenant}/oauth2/v2.0/token`);
    const stranger = await discover('https://evil.example/x/oauth2/v2.0/authorize');
    assert.deepEqual([stranger.status, stranger.json.error], [400, 'invalid_instance']);
  });

  it('has configurations for organizations and common whose issuer names no tenant', async () => {
    for (const tenant of ['organizations', 'common']) {
      const { json } = await service.call('GET', `/${tenant}/v2.0/.well-known/openid-configuration`);
      assert.equal(json.issuer, `${service.emulator.url}/{tenantid}/v2.0`);
    }
  });

  it('refuses an expired token in both planes, each in its own envelope, with a challenge', async () => {
    const stale = { aud: 'https://management.azure.com', appid: DEFAULTS.clientId, iat: 0, nbf: 0, exp: now - 3600 };
    const authorization = `Bearer ${ours.sign(stale)}`;
    const arm = await service.call('GET', P, undefined, { authorization });
    assert.deepEqual([arm.status, arm.json.error.code], [401, 'ExpiredAuthenticationToken']);
    assert.match(String(arm.headers['www-authenticate']), /^Bearer authorization_uri="https:/);
    const data = await service.call('GET', `/history/v1.0${P}/runs/x`, undefined, { authorization });
    assert.deepEqual([data.status, data.json.error.innerError.code], [401, 'AuthorizationError']);
    assert.match(String(data.headers['www-authenticate']), /^Bearer /);
  });

  it("takes the studio's audience in the data plane only", async () => {
    const { token } = await service.credential.getToken('https://ml.azure.com/.default');
    const authorization = `Bearer ${token}`;
    assert.equal((await service.call('GET', P, undefined, { authorization })).status, 401);
    assert.equal((await service.call('GET', `/history/v1.0${P}/runs/x`, undefined, { authorization })).status, 404);
  });

  it("lets a reader read, and refuses a write and an action in ARM's words", async () => {
    const reader = await as(READER, 'read');
    assert.equal((await service.call('GET', '/jobs', undefined, reader)).status, 200);
    const refused = await service.call('PUT', '/jobs/mine', {}, reader);
    assert.deepEqual([refused.status, refused.json.error.code], [403, 'AuthorizationFailed']);
    assert.match(
      refused.json.error.message,
      new RegExp(
        `^The client '${READER}' with object id '[0-9a-f-]{36}' does not have authorization to perform action ` +
          `'Microsoft.MachineLearningServices/workspaces/jobs/write' over scope '${P}/jobs/mine' or the scope is invalid\\. ` +
          'If access was recently granted, please refresh your credentials\\.$',
      ),
    );
    const secrets = await service.call('POST', '/datastores/workspaceblobstore/listSecrets', {}, reader);
    assert.match(
      secrets.json.error.message,
      /'Microsoft.MachineLearningServices\/workspaces\/datastores\/listSecrets\/action'/,
    );
  });

  it('refuses everything to a principal without a role: in ARM, and in the data plane in its envelope', async () => {
    const nobody = await as(NOBODY, 'nothing');
    const arm = await service.call('GET', P, undefined, nobody);
    assert.equal(arm.json.error.code, 'AuthorizationFailed');
    const data = await service.call('GET', `/history/v1.0${P}/runs/x`, undefined, nobody);
    assert.equal(data.status, 403);
    assert.deepEqual(data.json.error.innerError, {
      code: 'Auth',
      innerError: { code: 'Authorization', innerError: null },
    });
    assert.equal(data.json.error.messageFormat, 'User is not authorized to access provided resources due to {reason}.');
  });

  it('keeps the secrets of its principals out of the state page', async () => {
    const { text } = await service.call('GET', '/_emulator/state');
    assert.ok(text.includes(READER));
    assert.equal(text.includes('"read"'), false);
  });

  it('names the operation of a method on a resource, a collection, an action and a location', () => {
    const named = (method: string, path: string): string[] => Object.values(operationOf(method, path)) as string[];
    const ml = 'Microsoft.MachineLearningServices';
    assert.deepEqual(named('DELETE', `${P}/jobs/a`), [`${ml}/workspaces/jobs/delete`, `${P}/jobs/a`]);
    assert.deepEqual(named('GET', `${P}/jobs`), [`${ml}/workspaces/jobs/read`, P]);
    assert.deepEqual(named('POST', `${P}/jobs/a/cancel`), [`${ml}/workspaces/jobs/cancel/action`, `${P}/jobs/a`]);
    const subscription = `/subscriptions/${DEFAULTS.subscription}`;
    assert.deepEqual(named('GET', `${subscription}/providers/${ml}/locations/eastus/usages`), [
      `${ml}/locations/usages/read`,
      `${subscription}/providers/${ml}/locations/eastus`,
    ]);
  });
});
