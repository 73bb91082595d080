import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { ContainerClient } from '@azure/storage-blob';

import { DEFAULTS } from '../../emulator/options.js';
import { azureHost } from '../../emulator/ways/hosts.js';
import { GROUP, P, SECRET, startService, WORKSPACE, type Service } from './support/service.js';
import { sharedStorage } from './support/storage.js';
import { getThrough, openTunnel } from './support/tunnel.js';

const VERSION = 'api-version=2024-04-01';

describe('emulator: ways in', function () {
  this.timeout(30_000);
  let service: Service;
  let ca: string;
  let proxyUrl: string;

  before(async () => {
    service = await startService({ storage: true, httpPort: 0, proxyPort: 0 });
    ca = readFileSync(service.emulator.caFile, 'utf8');
    proxyUrl = service.emulator.proxyUrl ?? '';
  });
  after(() => service.stop());

  const environment = (): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    HTTPS_PROXY: proxyUrl,
    NO_PROXY: '127.0.0.1,localhost',
    NODE_EXTRA_CA_CERTS: service.emulator.caFile,
    AZURE_TENANT_ID: DEFAULTS.tenant,
    AZURE_CLIENT_ID: DEFAULTS.clientId,
    AZURE_CLIENT_SECRET: SECRET,
  });
  const plain = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const url = new URL(path, service.emulator.httpUrl ?? '');
    return new Promise<{ status: number; text: string }>((done, failed) => {
      const sent = request(url, { method, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
      });
      sent.once('error', failed);
      sent.end(body);
    });
  };

  it('serves plain HTTP on loopback, where every address in an answer is plain HTTP too', async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: DEFAULTS.clientId,
      client_secret: SECRET,
      scope: 'https://management.azure.com/.default',
    });
    const asked = await plain('POST', `/${DEFAULTS.tenant}/oauth2/v2.0/token`, form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    const { access_token: token } = JSON.parse(asked.text) as { access_token: string };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const workspace = JSON.parse((await plain('GET', `${P}?${VERSION}`, undefined, headers)).text) as {
      properties: { discoveryUrl: string };
    };
    assert.equal(workspace.properties.discoveryUrl, `${service.emulator.httpUrl}/discovery`);
    const upload = JSON.parse(
      (await plain('POST', `${P}/codes/a/versions/1/startPendingUpload?${VERSION}`, '{}', headers)).text,
    ) as { blobReferenceForConsumption: { credential: { sasUri: string } } };
    const { sasUri } = upload.blobReferenceForConsumption.credential;
    assert.ok(sasUri.startsWith(`${service.emulator.httpUrl}/`));
    const blob = new ContainerClient(sasUri).getBlockBlobClient('a.txt');
    await blob.upload('plain', 5);
    assert.equal((await blob.downloadToBuffer()).toString(), 'plain');
  });

  it("lets JavaScript clients that know Azure's hosts only come through the proxy, told by the environment alone", async () => {
    const { account, key } = await sharedStorage();
    const program = fileURLToPath(new URL('clients/proxied.js', import.meta.url));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, DEFAULTS.subscription, GROUP, WORKSPACE, account],
      { env: { ...environment(), ACCOUNT_KEY: key } },
    );
    assert.deepEqual(JSON.parse(stdout), {
      discoveryUrl: 'https://eastus.api.azureml.ms/discovery',
      mlFlowTrackingUri: `azureml://eastus.api.azureml.ms/mlflow/v1.0${P}`,
      provisioningState: 'Succeeded',
      listedByKey: ['a b/ü.txt'],
      readBySignature: 'by token',
      forgedSignature: 403,
      streamedBack: true,
      copied: true,
    });
  });

  it("serves the region's data plane, the authority and the metadata under their own names, with one certificate", async () => {
    const discovery = await getThrough(proxyUrl, ca, new URL('https://eastus.api.azureml.ms/discovery'));
    assert.match(discovery, /"api": "https:\/\/eastus\.api\.azureml\.ms"/);
    const openId = new URL(`https://login.microsoft.com/${DEFAULTS.tenant}/v2.0/.well-known/openid-configuration`);
    assert.match(
      await getThrough(proxyUrl, ca, openId),
      new RegExp(`"token_endpoint": "https://login\\.microsoftonline\\.com/${DEFAULTS.tenant}/oauth2/v2\\.0/token"`),
    );
    const metadata = new URL('https://management.azure.com/metadata/endpoints?api-version=2022-09-01');
    const answer = await getThrough(proxyUrl, ca, metadata);
    const one = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { name: string; resourceManager: string };
    assert.deepEqual([one.name, one.resourceManager], ['AzureCloud', 'https://management.azure.com/']);
  });

  it('gives the metadata as a list to older clients, under a name that azure-ai-ml does not know', async () => {
    const { json } = await service.call('GET', '/metadata/endpoints?api-version=2019-05-01');
    assert.equal(json.length, 1);
    assert.equal(json[0].name, 'AzureMLEmulator');
    assert.equal(json[0].resourceManager, `${service.emulator.url}/`);
    assert.equal(json[0].authentication.loginEndpoint, service.emulator.url);
  });

  for (const authority of [
    'example.com:443',
    'management.azure.com:8443',
    'management.azure.com.evil.example:443',
    '127.0.0.1:22',
    'x.y.blob.core.windows.net:443',
    'management.azure.com',
  ]) {
    it(`refuses a tunnel to ${authority} with 403 and a sentence`, async () => {
      const { status, text } = await openTunnel(proxyUrl, authority);
      assert.equal(status, 403);
      assert.match(text, new RegExp(`lets nothing else out; ${authority.replaceAll('.', '\\.')} is none of these`));
    });
  }

  it('refuses plain http through the proxy', async () => {
    const { hostname: host, port } = new URL(proxyUrl);
    const status = await new Promise((done, failed) => {
      const sent = request({ host, port, path: 'http://management.azure.com/' }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
      sent.once('error', failed);
      sent.end();
    });
    assert.equal(status, 403);
  });

  it('says in one sentence which port is in use and which option to change', async () => {
    for (const [url, option, flag] of [
      [service.emulator.url, 'port', '--port'],
      [service.emulator.httpUrl, 'httpPort', '--http-port'],
      [proxyUrl, 'proxyPort', '--proxy-port'],
    ] as const) {
      const port = Number(new URL(url ?? '').port);
      await assert.rejects(startService({ [option]: port }), {
        message: `Port ${port} is in use; choose another with ${flag}, or 0 for a free one.`,
      });
    }
  });

  it("leaves no key of the authority behind, and the keys of the certificates to their owner's eyes", async () => {
    const files = await readdir(dirname(service.emulator.caFile));
    assert.deepEqual(files.filter((file) => file.endsWith('.key')).sort(), ['azure.key', 'server.key', 'storage.key']);
  });

  it('knows planes by name, in any case, and an account by the first label', () => {
    assert.deepEqual(azureHost('Management.Azure.com:443'), { plane: 'arm' });
    assert.deepEqual(azureHost('westeurope.api.azureml.ms'), { plane: 'data' });
    assert.deepEqual(azureHost('prices.azure.com'), { plane: 'prices' });
    assert.deepEqual(azureHost('devstoreaccount1.blob.core.windows.net'), {
      plane: 'blob',
      account: 'devstoreaccount1',
    });
    assert.equal(azureHost('no_account.blob.core.windows.net'), undefined);
    assert.equal(azureHost('blob.core.windows.net'), undefined);
  });
});
