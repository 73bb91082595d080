import assert from 'node:assert/strict';

import { createDrivenClock, type DrivenClock } from './support/driven-clock.js';
import { startService, type Service } from './support/service.js';

describe('emulator: compute instances', () => {
  let service: Service;
  let clock: DrivenClock;

  beforeEach(async () => {
    clock = createDrivenClock(Date.now());
    service = await startService({}, undefined, clock);
  });
  afterEach(() => service.stop());

  const put = (name: string): ReturnType<Service['call']> =>
    service.call('PUT', `/computes/${name}`, {
      location: 'eastus',
      properties: { computeType: 'ComputeInstance', properties: { vmSize: 'Standard_DS3_v2' } },
    });
  const stateOf = async (name: string): Promise<unknown> =>
    (await service.call('GET', `/computes/${name}`)).json.properties.properties.state;

  it('come to be, stop, start and restart, each by an operation that takes its time', async () => {
    const made = await put('desk');
    assert.deepEqual([made.status, made.json.properties.provisioningState], [201, 'Creating']);
    clock.pass(60);
    assert.equal(await stateOf('desk'), 'Running');
    const steps = { stop: ['Stopping', 'Stopped'], start: ['Starting', 'Running'], restart: ['Restarting', 'Running'] };
    for (const [step, [meanwhile, then]] of Object.entries(steps)) {
      const asked = await service.call('POST', `/computes/desk/${step}`);
      assert.equal(asked.status, 202, step);
      const { pathname } = new URL(String(asked.headers['azure-asyncoperation']));
      assert.equal(await stateOf('desk'), meanwhile);
      assert.equal((await service.call('GET', pathname)).json.status, 'InProgress');
      clock.pass(60);
      assert.equal(await stateOf('desk'), then);
      assert.equal((await service.call('GET', pathname)).json.status, 'Succeeded');
    }
  });

  it('are not stopped twice, and a cluster is never stopped', async () => {
    await put('desk');
    clock.pass(60);
    await service.call('POST', '/computes/desk/stop');
    clock.pass(60);
    const again = await service.call('POST', '/computes/desk/stop');
    assert.equal(again.status, 400);
    assert.match(again.json.error.message, /desk is Stopped; only one that is Running can be asked to stop/);
    const cluster = { vmSize: 'Standard_DS3_v2', scaleSettings: { maxNodeCount: 1 } };
    await service.call('PUT', '/computes/farm', { properties: { computeType: 'AmlCompute', properties: cluster } });
    assert.equal((await service.call('POST', '/computes/farm/stop')).status, 400);
  });

  it('stand beside clusters in the list, and are gone when their deletion is done', async () => {
    await put('desk');
    clock.pass(60);
    const list = await service.call('GET', '/computes');
    assert.deepEqual(
      list.json.value.map(({ properties }: { properties: { computeType: string } }) => properties.computeType),
      ['ComputeInstance'],
    );
    assert.equal((await service.call('DELETE', '/computes/desk?underlyingResourceAction=Delete')).status, 202);
    assert.equal((await service.call('GET', '/computes/desk')).json.properties.provisioningState, 'Deleting');
    clock.pass(60);
    assert.equal((await service.call('GET', '/computes/desk')).status, 404);
  });
});
