import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { DEFAULTS } from '../../../emulator/options.js';
import { tools } from '../../../stack/places.js';
import { root } from '../../house/root.js';
import { P, SECRET, startService, type Service } from '../support/service.js';

const IDENTITY = {
  AZURE_TENANT_ID: DEFAULTS.tenant,
  AZURE_CLIENT_ID: DEFAULTS.clientId,
  AZURE_CLIENT_SECRET: SECRET,
};
const TARGET = {
  AZURE_SUBSCRIPTION_ID: DEFAULTS.subscription,
  AZURE_RESOURCE_GROUP: DEFAULTS.resourceGroup,
  AZUREML_WORKSPACE_NAME: DEFAULTS.workspace,
};

describe('emulator: the Python client, unmodified', function () {
  this.timeout(120_000);
  let service: Service;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulator-python-'));
    const pathPrepend = [dirname(tools().python)];
    service = await startService({
      storage: true,
      httpPort: 0,
      proxyPort: 0,
      speed: 20,
      operationSeconds: 0,
      pathPrepend,
    });
  });
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  // The last line of what a program prints is its result; clients warn before it as they like.
  const result = async (args: string[], env: Record<string, string>): Promise<unknown> =>
    JSON.parse((await run(args, env)).trim().split('\n').at(-1) ?? '');
  const run = async (args: string[], env: Record<string, string>): Promise<string> => {
    const { caFile, proxyUrl } = service.emulator;
    const ways = { HTTPS_PROXY: proxyUrl ?? '', NO_PROXY: '127.0.0.1', REQUESTS_CA_BUNDLE: caFile };
    const { stdout } = await promisify(execFile)(tools().python, args, {
      cwd: folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: folder,
        AZUREML_RUN_POLLING_INTERVAL_MIN: '1',
        ...ways,
        ...IDENTITY,
        ...TARGET,
        ...env,
      },
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  };

  it('makes compute, datastore, environment and data, runs, streams, sees a preemption, downloads, cancels, lists', async () => {
    const tour = join(root, 'test', 'emulator', 'clients', 'tour.py');
    const seen = await result([tour], { EMULATOR_CONTROL: `${service.emulator.httpUrl}/_emulator/evict` });
    const logs = ['user_logs/std_log_process_00.txt', 'user_logs/std_log_process_01.txt'];
    assert.deepEqual(seen, {
      workspace: 'https://eastus.api.azureml.ms/discovery',
      cluster: ['Succeeded', 'low_priority'],
      datastore: 'elsewhere',
      environment: '1',
      data: 'workspaceblobstore',
      submitted: 'Starting',
      log: ['RANK 0 of 2 read hello'],
      outputs: ['named-outputs/out/rank0.txt', 'named-outputs/out/rank1.txt'],
      logs: logs.map((log) => `artifacts/${log}`),
      completed: 'Completed',
      preemption: true,
      canceled: true,
      jobs: ['canceled', 'completes', 'preempted'],
      computes: ['pair'],
      datastores: true,
      environments: ['1'],
      versions: ['1'],
      lowPriorityCores: true,
      size: true,
      deleted: true,
    });
  });

  it('runs the example that its README names', async () => {
    const example = join(root, 'emulator', 'examples', 'submit.py');
    assert.match(readFileSync(example, 'utf8').trimEnd(), /^(.*\n){19,24}.*$/, 'it is a script of twenty-odd lines');
    const said = await run([example], {});
    assert.match(said, /^rank 0 of 2$/m);
    assert.match(said, /completed\n$/i);
  });

  it("finds the emulator's own address by the cloud metadata, and signs in there", async () => {
    const program = [
      'import json, os',
      'from azure.ai.ml import MLClient',
      'from azure.identity import EnvironmentCredential',
      "names = ('AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'AZUREML_WORKSPACE_NAME')",
      'workspace = MLClient(EnvironmentCredential(), *(os.environ[name] for name in names)).workspaces.get()',
      'print(json.dumps([workspace.id, workspace.discovery_url]))',
    ];
    const { url } = service.emulator;
    const seen = await result(['-c', program.join('\n')], {
      ARM_CLOUD_METADATA_URL: `${url}/metadata/endpoints?api-version=2019-05-01`,
      AZURE_AUTHORITY_HOST: url,
    });
    assert.deepEqual(seen, [P, `${url}/discovery`]);
  });
});
