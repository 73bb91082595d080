import assert from 'node:assert/strict';

import { startService, type Service } from './support/service.js';
import { createCluster, details, jobBody, mounted, reach } from './support/jobs.js';

describe('emulator: where jobs run', function () {
  this.timeout(30_000);
  let service: Service;

  before(async () => {
    service = await startService({ storage: true });
    await createCluster(service, 'farm');
  });
  after(() => service.stop());

  const put = (name: string, changes: object): ReturnType<Service['call']> =>
    service.call('PUT', `/jobs/${name}`, jobBody('farm', 'true', { resources: { instanceCount: 1 }, ...changes }));
  const failure = async (name: string): Promise<string> => {
    await reach(service, name, 'Failed');
    return (await details(service, name)).error.error.message;
  };

  it('a job that its client runs itself is kept and never started', async () => {
    const resources = { instanceCount: 1, properties: { IsLocal: {} } };
    const made = await put('own', { computeId: null, resources });
    assert.equal(made.json.properties.status, 'NotStarted');
    await put('other', {});
    await reach(service, 'other', 'Completed');
    assert.equal((await service.call('GET', '/jobs/own')).json.properties.status, 'NotStarted');
  });

  it('a serverless job runs on machines of its own, of which the workspace shows no cluster', async () => {
    const queueSettings = { jobTier: 'Spot' };
    const made = await put('alone', { computeId: null, queueSettings });
    assert.deepEqual([made.status, made.json.properties.computeId], [201, null]);
    await reach(service, 'alone', 'Preparing', 'Running', 'Finalizing', 'Completed');
    const list = await service.call('GET', '/computes');
    assert.deepEqual(
      list.json.value.map(({ name }: { name: string }) => name),
      ['farm'],
    );
    await reach(service, 'alone', 'Completed');
    const { compute, target } = await details(service, 'alone');
    assert.deepEqual([target, compute.priority], ['serverless', 'LowPriority']);
    const state = await service.call('GET', '/_emulator/state');
    assert.deepEqual(
      state.json.clusters.map(({ name }: { name: string }) => name),
      ['farm'],
    );
  });

  it('a serverless job of a size that there is not fails, and says so', async () => {
    await put('odd', { computeId: null, resources: { instanceCount: 1, instanceType: 'Standard_Odd' } });
    assert.match(await failure('odd'), /instance type Standard_Odd is not supported/);
  });

  it('a job on a compute instance or on no compute at all fails, and says so', async () => {
    const base = ((await service.call('GET', '/computes/farm')).json.id as string).replace(/farm$/, '');
    await service.call('PUT', '/computes/desk', {
      properties: { computeType: 'ComputeInstance', properties: { vmSize: 'Standard_DS3_v2' } },
    });
    await put('desk-job', { computeId: `${base}desk` });
    assert.match(await failure('desk-job'), /is a compute instance, on which the emulator runs no jobs/);
    await put('nowhere', { computeId: `${base}nothing` });
    assert.match(await failure('nowhere'), /nothing does not exist/);
  });

  it('a job whose output lies in a datastore other than Blob fails, and says so', async () => {
    const uri = 'azureml://datastores/workspacefilestore/paths/x';
    await put('files', { outputs: { out: { ...mounted('x'), uri } } });
    assert.match(await failure('files'), /datastore workspacefilestore of type AzureFile; .* AzureBlob only/);
  });

  it('the operation of a cancel is open until the job is at its end', async () => {
    await service.call(
      'PUT',
      '/jobs/waits',
      jobBody('farm', 'trap "" TERM; sleep 60', { resources: { instanceCount: 1 } }),
    );
    await reach(service, 'waits', 'Running');
    const asked = await service.call('POST', '/jobs/waits/cancel');
    assert.deepEqual([asked.status, asked.text], [202, 'null']);
    const { pathname } = new URL(String(asked.headers['location']));
    const open = await service.call('GET', pathname);
    assert.deepEqual([open.status, open.text], [202, '{}']);
    assert.equal(new URL(String(open.headers['location'])).pathname, pathname);
    await reach(service, 'waits', 'Canceled');
    const done = await service.call('GET', pathname);
    assert.deepEqual([done.status, done.text], [200, '']);
    assert.equal((await service.call('POST', '/jobs/waits/cancel')).status, 200);
  });
});
