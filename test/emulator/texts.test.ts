import assert from 'node:assert/strict';

import { createCluster, jobBody } from './support/jobs.js';
import { startService, type Service } from './support/service.js';
import { until } from './support/until.js';

// That kept texts are, byte for byte, what printing the bodies anew would give is held against every answer of every test of
// this area (schema/traffic.ts); here are the changes after which a text must be another.
describe('emulator: the texts that are kept of jobs', () => {
  let service: Service;
  before(async () => {
    service = await startService();
    // Too small a quota: its jobs wait for ever.
    const properties = {
      vmSize: 'Standard_ND96isr_H100_v5',
      vmPriority: 'Dedicated',
      scaleSettings: { maxNodeCount: 64 },
    };
    await createCluster(service, 'full', properties);
    for (let index = 0; index < 3; index += 1) await submit(`job-${index}`, {});
    await queued();
  });
  after(() => service.stop());

  const submit = (name: string, tags: Record<string, string>): Promise<unknown> =>
    service.call('PUT', `/jobs/${name}`, jobBody('full', 'true', { resources: { instanceCount: 64 }, tags }));
  // A job that has just come in changes by itself a moment later.
  const queued = (): Promise<unknown> =>
    until('all jobs to wait', () => service.emulator.world.jobs.all().every(({ status }) => status === 'Queued'));
  const text = async (path: string): Promise<string> => (await service.call('GET', path)).text;

  it('are the same bytes again, alone and in a list', async () => {
    for (const path of ['/jobs/job-1', '/jobs', '/jobs?$top=2']) assert.equal(await text(path), await text(path));
  });

  it('change with the job', async () => {
    const before = [await text('/jobs/job-1'), await text('/jobs')];
    await submit('job-1', { note: 'grüße "an\nalle"' });
    const after = [await text('/jobs/job-1'), await text('/jobs')];
    for (const [index, changed] of after.entries()) {
      assert.notEqual(changed, before[index]);
      assert.ok(changed.includes('"note": "grüße \\"an\\nalle\\""'));
    }
  });

  it('change with the nodes of its cluster', async () => {
    const counted = async (): Promise<string> =>
      (await service.call('GET', '/jobs/job-1')).json.properties.tags['_aml_system_ComputeTargetStatus'] as string;
    const { world } = service.emulator;
    const before = await counted();
    const cluster = world.clusters.get('full');
    assert.ok(cluster !== undefined);
    cluster.nodes = cluster.nodes.slice(1);
    world.clusters.save(cluster);
    assert.notEqual(await counted(), before);
  });

  it('are of the api-version and the address that are asked for', async () => {
    const version = (day: string): Promise<string> => text(`/jobs/job-1?api-version=${day}`);
    assert.notEqual(await version('2022-05-01'), await version('2023-10-01'));
    const elsewhere = await service.call('GET', '/jobs/job-1', undefined, { host: 'localhost:1234' });
    assert.match(elsewhere.text, /azureml:\/\/localhost:1234\//);
    assert.doesNotMatch(await text('/jobs/job-1'), /localhost:1234/);
  });

  it('are no longer those of a job that is gone, or of a list that it was in', async () => {
    await text('/jobs');
    await service.call('POST', '/jobs/job-0/cancel');
    await service.call('DELETE', '/jobs/job-0');
    assert.doesNotMatch(await text('/jobs'), /"job-0"/);
    await submit('job-0', { note: 'again' });
    assert.match(await text('/jobs/job-0'), /"note": "again"/);
    assert.match(await text('/jobs'), /"note": "again"/);
  });

  it('make a page the last when the one job behind it goes, though its own jobs stay as they are', async () => {
    for (let index = 0; index < 98; index += 1) await submit(`more-${index}`, {});
    await queued();
    const page = (await service.call('GET', '/jobs')).json as { value: object[]; nextLink?: string };
    assert.equal(page.value.length, 100);
    assert.ok(page.nextLink !== undefined);
    await service.call('POST', '/jobs/job-1/cancel');
    await service.call('DELETE', '/jobs/job-1');
    const last = (await service.call('GET', '/jobs')).json as typeof page;
    assert.deepEqual([last.value, last.nextLink], [page.value, undefined]);
  });
});
