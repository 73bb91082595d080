import assert from 'node:assert/strict';

import { DEFAULTS } from '../../emulator/options.js';
import { createDrivenClock, type DrivenClock } from './support/driven-clock.js';
import { P, startService, type Service } from './support/service.js';

const SUBSCRIPTION = `/subscriptions/${DEFAULTS.subscription}`;
const IN_GROUP = `${SUBSCRIPTION}/resourceGroups/${DEFAULTS.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces`;

describe('emulator: the workspace', () => {
  let service: Service;
  let clock: DrivenClock;

  beforeEach(async () => {
    clock = createDrivenClock(Date.now());
    service = await startService({}, undefined, clock);
  });
  afterEach(() => service.stop());

  const names = async (path: string): Promise<string[]> =>
    (await service.call('GET', path)).json.value.map(({ name }: { name: string }) => name);

  it('is found in its group and its subscription, and in no other', async () => {
    const inSubscription = `${SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/workspaces`;
    for (const path of [IN_GROUP, inSubscription]) assert.deepEqual(await names(path), [DEFAULTS.workspace]);
    const elsewhere = await service.call('GET', IN_GROUP.replace(DEFAULTS.resourceGroup, 'elsewhere'));
    assert.equal(elsewhere.status, 404);
  });

  it('takes on new tags and descriptions when the operation of a PATCH is done, not before', async () => {
    const asked = await service.call('PATCH', P, { tags: { team: 'a' }, properties: { description: 'ours' } });
    assert.equal(asked.status, 202);
    const operation = new URL(String(asked.headers['azure-asyncoperation']));
    const location = new URL(String(asked.headers['location']));
    const poll = (url: URL): ReturnType<Service['call']> =>
      service.call('GET', `${url.pathname}?type=${url.searchParams.get('type') ?? ''}`);
    assert.equal((await poll(operation)).json.status, 'InProgress');
    assert.equal((await poll(location)).status, 202);
    assert.equal((await service.call('GET', P)).json.properties.description, '');
    clock.pass(60);
    assert.equal((await poll(operation)).json.status, 'Succeeded');
    assert.equal((await poll(location)).json.properties.description, 'ours');
    const { tags, properties } = (await service.call('GET', P)).json;
    assert.deepEqual([tags, properties.friendlyName], [{ team: 'a' }, DEFAULTS.workspace]);
  });

  it('is gone with all in it when its deletion is done, as its 404 says', async () => {
    assert.equal((await service.call('DELETE', P)).status, 202);
    assert.equal((await service.call('GET', P)).status, 200);
    clock.pass(60);
    for (const path of [P, `${P}/jobs`, `${P}/computes/x`]) {
      const { status, json } = await service.call('GET', path);
      assert.deepEqual([status, json.error.code], [404, 'UserError'], path);
    }
    assert.deepEqual(await names(IN_GROUP), []);
  });
});
