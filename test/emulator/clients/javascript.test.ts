import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type {
  AmlCompute,
  AzureBlobDatastore,
  AzureMachineLearningWorkspaces,
  CommandJob,
} from '@azure/arm-machinelearning';
import { createHttpHeaders, createPipelineRequest, type HttpMethods } from '@azure/core-rest-pipeline';
import { ContainerClient, type StoragePipelineOptions } from '@azure/storage-blob';

import { DEFAULTS } from '../../../emulator/options.js';
import { blobContainer, GROUP, P, startService, WORKSPACE, type Service } from '../support/service.js';
import { until } from '../support/until.js';

const EVERY = { updateIntervalInMs: 50 };
const HERE = [GROUP, WORKSPACE] as const;

/** What a list of the client holds, all pages. */
async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of pages) found.push(item);
  return found;
}

/** The wire is wider than this client, which was made for 2022-10-01; whatever of it serves its models is called once. */
describe('emulator: the JavaScript client, unmodified', function () {
  this.timeout(30_000);
  let service: Service;
  let arm: AzureMachineLearningWorkspaces;

  before(async () => {
    service = await startService({ storage: true, speed: 20 });
    arm = service.arm;
  });
  after(() => service.stop());

  const status = async (name: string): Promise<string | undefined> =>
    (await arm.jobs.get(...HERE, name)).properties.status;
  const raw = async (method: HttpMethods, path: string, body?: unknown) => {
    const request = createPipelineRequest({
      method,
      url: `${service.emulator.url}${P}${path}?api-version=2023-10-01`,
      headers: createHttpHeaders({ 'content-type': 'application/json' }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await arm.sendRequest(request);
    return { status: answer.status, body: JSON.parse(answer.bodyAsText ?? '{}') as Record<string, unknown> };
  };
  const job = (command: string, tags: Record<string, string> = {}): { properties: CommandJob } => ({
    properties: {
      jobType: 'Command',
      command,
      environmentId: `${P}/environments/tour/versions/1`,
      computeId: `${P}/computes/pair`,
      distribution: { distributionType: 'PyTorch', processCountPerInstance: 1 },
      resources: { instanceCount: 2 },
      inputs: { word: { jobInputType: 'literal', value: 'hello' } },
      environmentVariables: { COLOUR: 'blue' },
      limits: { jobLimitsType: 'Command', timeout: 'PT1H' },
      tags,
    },
  });

  it('reads the workspace, the quota and the sizes of its region', async () => {
    const workspace = await arm.workspaces.get(...HERE);
    assert.equal(workspace.storageAccount?.split('/').at(-1), 'testaccount');
    const usages = await all(arm.usages.list(DEFAULTS.region));
    assert.ok(usages.some((row) => row.name?.value === 'TotalLowPriorityCores' && (row.limit ?? 0) > 0));
    const quotas = await all(arm.quotas.list(DEFAULTS.region));
    assert.ok(quotas.some(({ limit }) => limit !== undefined));
    const sizes = (await arm.virtualMachineSizes.list(DEFAULTS.region)).value ?? [];
    const a100 = sizes.find(({ name }) => name === 'Standard_NC24ads_A100_v4');
    assert.equal(a100?.lowPriorityCapable, true);
    assert.ok(a100?.estimatedVMPrices?.values.some(({ vmTier }) => vmTier === 'LowPriority'));
  });

  it('makes, reads, lists and scales a cluster', async () => {
    const properties = { vmSize: 'Standard_DS2_v2', vmPriority: 'LowPriority', scaleSettings: { maxNodeCount: 1 } };
    await arm.computeOperations.beginCreateOrUpdateAndWait(
      ...HERE,
      'pair',
      { location: 'eastus', tags: { a: 'b' }, properties: { computeType: 'AmlCompute', properties } },
      EVERY,
    );
    const scaling = { properties: { scaleSettings: { minNodeCount: 0, maxNodeCount: 2 } } };
    await arm.computeOperations.beginUpdateAndWait(...HERE, 'pair', scaling, EVERY);
    const found = await arm.computeOperations.get(...HERE, 'pair');
    assert.equal((found.properties as AmlCompute).properties?.scaleSettings?.maxNodeCount, 2);
    assert.deepEqual(found.tags, { a: 'b' });
    assert.deepEqual(
      (await all(arm.computeOperations.list(...HERE))).map(({ name }) => name),
      ['pair'],
    );
  });

  it('registers a datastore, reads its secrets, lists and deletes it', async () => {
    const wanted: AzureBlobDatastore = {
      datastoreType: 'AzureBlob',
      accountName: 'elsewhere',
      containerName: 'box',
      credentials: { credentialsType: 'Sas', secrets: { secretsType: 'Sas', sasToken: '?sv=1' } },
    };
    await arm.datastores.createOrUpdate(...HERE, 'mine', { properties: wanted }, { skipValidation: true });
    const found = await arm.datastores.get(...HERE, 'mine');
    assert.equal((found.properties as AzureBlobDatastore).containerName, 'box');
    assert.deepEqual(await arm.datastores.listSecrets(...HERE, 'mine'), { secretsType: 'Sas', sasToken: '?sv=1' });
    assert.ok((await all(arm.datastores.list(...HERE))).some(({ name }) => name === 'mine'));
    await arm.datastores.delete(...HERE, 'mine');
    await assert.rejects(arm.datastores.get(...HERE, 'mine'), { statusCode: 404 });
  });

  it('registers environments, data, models and code, reads their versions and names, lists and deletes', async () => {
    const uri = 'azureml://datastores/workspaceblobstore/paths/x/';
    const code = { codeUri: 'https://testaccount.blob.core.windows.net/c/x', isAnonymous: false };
    const kinds = [
      [arm.environmentVersions, arm.environmentContainers, { image: 'mcr.microsoft.com/x', condaFile: 'name: x\n' }],
      [arm.dataVersions, arm.dataContainers, { dataType: 'uri_folder', dataUri: uri }],
      [arm.modelVersions, arm.modelContainers, { modelType: 'custom_model', modelUri: uri }],
      [arm.codeVersions, arm.codeContainers, code],
    ] as const;
    for (const [versions, containers, properties] of kinds) {
      await versions.createOrUpdate(...HERE, 'tour', '1', { properties } as never);
      assert.equal((await versions.get(...HERE, 'tour', '1')).name, '1');
      assert.deepEqual(
        (await all<{ name?: string }>(versions.list(...HERE, 'tour'))).map(({ name }) => name),
        ['1'],
      );
      assert.equal((await containers.get(...HERE, 'tour')).properties.latestVersion, '1');
    }
    await arm.dataVersions.delete(...HERE, 'tour', '1');
    await assert.rejects(arm.dataVersions.get(...HERE, 'tour', '1'), { statusCode: 404 });
    assert.equal((await arm.modelVersions.get(...HERE, 'tour', '1')).properties.modelType, 'custom_model');
  });

  it('runs a job to its end, finds its nodes while it runs, its log through run history, and deletes it', async () => {
    const command = 'echo ${{inputs.word}} $COLOUR rank $RANK; sleep 1';
    const made = await arm.jobs.createOrUpdate(...HERE, 'runs', job(command, { tour: 'yes' }));
    assert.equal(made.properties.status, 'Starting');
    const working = await until('two nodes at work', async () => {
      const nodes = await all(arm.computeOperations.listNodes(...HERE, 'pair'));
      const own = nodes.filter(({ runId }) => runId === 'runs');
      return own.length === 2 ? own : undefined;
    });
    assert.ok(working.every(({ nodeId }) => nodeId !== undefined));
    await until('the job to complete', async () => (await status('runs')) === 'Completed');
    const { json } = await service.call('GET', `/history/v1.0${P}/runs/runs/details`);
    assert.deepEqual(Object.keys(json.logFiles as object).sort(), [
      'user_logs/std_log_process_00.txt',
      'user_logs/std_log_process_01.txt',
    ]);
    await arm.jobs.beginDeleteAndWait(...HERE, 'runs', EVERY);
    await assert.rejects(arm.jobs.get(...HERE, 'runs'), { statusCode: 404 });
  });

  it('carries in its pipeline what its models cannot say: an upload of code, a job with addresses in its inputs and outputs', async () => {
    const path = '/codes/raw/versions/1';
    assert.equal((await raw('GET', path)).status, 404);
    const upload = await raw('POST', `${path}/startPendingUpload`, { pendingUploadType: 'TemporaryBlobReference' });
    const { blobUri, credential } = upload.body['blobReferenceForConsumption'] as {
      blobUri: string;
      credential: { sasUri: string };
    };
    const trust = { tlsOptions: { ca: readFileSync(service.emulator.caFile, 'utf8') } } as StoragePipelineOptions;
    const place = new ContainerClient(credential.sasUri, undefined, trust);
    await place.getBlockBlobClient('1/run.sh').upload('cat $1/* > $2/out.txt', 21);
    assert.equal((await raw('PUT', path, { properties: { codeUri: `${blobUri}/1` } })).status, 201);
    const folder = (at: string): object => ({ uri: `azureml://datastores/workspaceblobstore/paths/${at}` });
    const properties = {
      ...job('bash run.sh ${{inputs.data}} ${{outputs.kept}}').properties,
      codeId: `${P}${path}`,
      inputs: { data: { jobInputType: 'uri_folder', mode: 'ReadOnlyMount', ...folder('raw-in') } },
      outputs: { kept: { jobOutputType: 'uri_folder', mode: 'ReadWriteMount', ...folder('raw-out') } },
      distribution: null,
      resources: { instanceCount: 1 },
    };
    const blobs = await blobContainer(service);
    await blobs.getBlockBlobClient('raw-in/a.txt').upload('hello', 5);
    assert.equal((await raw('PUT', '/jobs/raw', { properties })).status, 201);
    await until('the job to complete', async () => (await status('raw')) === 'Completed');
    assert.equal((await blobs.getBlobClient('raw-out/out.txt').downloadToBuffer()).toString(), 'hello');
  });

  it('lists jobs by tag and type, and cancels one', async () => {
    await arm.jobs.createOrUpdate(...HERE, 'long', job('sleep 300', { tour: 'yes' }));
    await arm.jobs.createOrUpdate(...HERE, 'other', job('sleep 300'));
    const named = async (options: { tag?: string; jobType?: string }): Promise<(string | undefined)[]> =>
      (await all(arm.jobs.list(...HERE, options))).map(({ name }) => name).sort();
    assert.deepEqual(await named({ tag: 'tour=yes' }), ['long']);
    assert.deepEqual(await named({ jobType: 'Command' }), ['long', 'other', 'raw']);
    assert.deepEqual(await named({ jobType: 'Pipeline' }), []);
    await until('the job to run', async () => (await status('long')) === 'Running');
    await arm.jobs.beginCancelAndWait(...HERE, 'long', EVERY);
    assert.equal(await status('long'), 'Canceled');
    await arm.jobs.beginCancelAndWait(...HERE, 'other', EVERY);
    await arm.jobs.beginCancelAndWait(...HERE, 'other', EVERY);
  });

  it('deletes the cluster', async () => {
    await arm.computeOperations.beginDeleteAndWait(...HERE, 'pair', 'Delete', EVERY);
    await assert.rejects(arm.computeOperations.get(...HERE, 'pair'), { statusCode: 404 });
    assert.deepEqual(await all(arm.computeOperations.list(...HERE)), []);
  });

  it('is told by name what is not emulated', async () => {
    await assert.rejects(all(arm.schedules.list(...HERE)), { statusCode: 501, code: 'NotEmulated' });
    await assert.rejects(
      all(arm.onlineEndpoints.list(...HERE)),
      /does not emulate online endpoints: GET .*\/onlineEndpoints/,
    );
  });
});
