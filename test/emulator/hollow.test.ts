import assert from 'node:assert/strict';

import { createCluster, details, inside, jobBody, reach } from './support/jobs.js';
import { startService, type Service } from './support/service.js';

describe('emulator: nodes without processes', function () {
  this.timeout(30_000);
  let service: Service;

  before(async () => {
    service = await startService({ hollowNodes: true });
    await createCluster(service, 'pair', { scaleSettings: { minNodeCount: 0, maxNodeCount: 4 } });
  });
  after(() => service.stop());

  const submit = async (name: string): Promise<void> => {
    await service.call('PUT', `/jobs/${name}`, jobBody('pair', 'exit 1'));
    await reach(service, name, 'Running');
  };

  it('run no command: the job goes on until it is canceled, and no process belongs to it', async () => {
    await submit('hollow');
    const { nodes } = await inside(service, 'hollow');
    assert.deepEqual(
      nodes.map(({ pid, started }: { pid: number; started: string | null }) => ({ pid, started })),
      [
        { pid: 0, started: null },
        { pid: 0, started: null },
      ],
    );
    await service.call('POST', '/jobs/hollow/cancel');
    await reach(service, 'hollow', 'Canceled');
  });

  it('can be taken away as others can', async () => {
    await submit('taken');
    await service.call('POST', '/_emulator/evict', { job: 'taken', face: 'failed' });
    await reach(service, 'taken', 'Failed');
    assert.match((await details(service, 'taken')).error.error.message, /PreemptionError/);
  });

  it('come back for a job that is put back into the queue', async () => {
    await submit('again');
    await service.call('POST', '/_emulator/evict', { job: 'again', face: 'requeued' });
    await reach(service, 'again', 'Queued', 'Preparing');
    await reach(service, 'again', 'Running');
    assert.equal((await inside(service, 'again')).attempt, 2);
    await service.call('POST', '/jobs/again/cancel');
    await reach(service, 'again', 'Canceled');
  });
});
