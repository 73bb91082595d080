import assert from 'node:assert/strict';

import { createDrivenClock, type DrivenClock } from './support/driven-clock.js';
import { startService, type Service } from './support/service.js';

const FOLDER = 'azureml://datastores/workspaceblobstore/paths/x/';

describe('emulator: data, environments and the names they share', () => {
  let service: Service;
  let clock: DrivenClock;

  beforeEach(async () => {
    clock = createDrivenClock(Date.now());
    service = await startService({}, undefined, clock);
  });
  afterEach(() => service.stop());

  const putData = async (name: string, version: string, changes: object = {}): ReturnType<Service['call']> => {
    clock.pass(1);
    const properties = { dataType: 'uri_folder', dataUri: FOLDER, ...changes };
    return service.call('PUT', `/data/${name}/versions/${version}`, { properties });
  };
  const versions = async (path: string): Promise<string[]> =>
    (await service.call('GET', path)).json.value.map(({ name }: { name: string }) => name);

  it('list versions newest first or as ordered, and as many as asked for', async () => {
    for (const version of ['1', '2', '3']) await putData('many', version);
    assert.deepEqual(await versions('/data/many/versions'), ['3', '2', '1']);
    assert.deepEqual(await versions('/data/many/versions?$orderBy=createdtime%20asc'), ['1', '2', '3']);
    assert.deepEqual(await versions('/data/many/versions?$orderBy=createdtime%20desc&$top=1'), ['3']);
  });

  it('list thirty versions a page, and lead to the next one', async () => {
    for (let version = 1; version <= 31; version += 1) await putData('long', String(version));
    const first = await service.call('GET', '/data/long/versions');
    assert.equal(first.json.value.length, 30);
    const next = new URL(first.json.nextLink);
    next.searchParams.delete('api-version');
    assert.deepEqual(await versions(`${next.pathname}${next.search}`), ['1']);
  });

  it('are archived and restored version by version, and listed by that', async () => {
    await putData('old', '1');
    await putData('old', '2');
    await putData('old', '1', { isArchived: true });
    assert.deepEqual(await versions('/data/old/versions'), ['2']);
    assert.deepEqual(await versions('/data/old/versions?listViewType=ArchivedOnly'), ['1']);
    assert.deepEqual((await versions('/data/old/versions?listViewType=All')).sort(), ['1', '2']);
    await putData('old', '1', { isArchived: false });
    assert.equal((await versions('/data/old/versions')).length, 2);
  });

  it('share a name that knows its latest version and the next one, and can be archived itself', async () => {
    await putData('shared', '7');
    const { json } = await service.call('GET', '/data/shared');
    assert.deepEqual([json.properties.latestVersion, json.properties.nextVersion], ['7', '8']);
    const archived = await service.call('PUT', '/data/shared', {
      properties: { isArchived: true, dataType: 'uri_folder' },
    });
    assert.deepEqual([archived.status, archived.json.properties.isArchived], [200, true]);
    assert.deepEqual(await versions('/data'), []);
    assert.deepEqual(await versions('/data?listViewType=ArchivedOnly'), ['shared']);
    const nobody = await service.call('GET', '/data/nobody/versions');
    assert.deepEqual([nobody.status, nobody.json.error.message], [404, 'nobody container was not found.']);
  });

  it('spell a datastore address out in full, folders and tables with a slash at the end', async () => {
    const folder = await putData('place', '1', { dataUri: FOLDER.slice(0, -1) });
    assert.match(folder.json.properties.dataUri, /^azureml:\/\/subscriptions\/.*\/workspaceblobstore\/paths\/x\/$/);
    const file = await putData('place', '2', { dataUri: `${FOLDER}a.csv`, dataType: 'uri_file' });
    assert.match(file.json.properties.dataUri, /\/paths\/x\/a\.csv$/);
    const odd = await putData('place', '3', { dataType: 'uri_cloud' });
    assert.match(odd.json.error.details[0].message, /"uri_cloud" is none of uri_file, uri_folder, mltable/);
  });

  it('answer a conda file as JSON, and refuse a Python that has come to its end', async () => {
    const put = (version: string, condaFile: string): ReturnType<Service['call']> =>
      service.call('PUT', `/environments/conda/versions/${version}`, { properties: { image: 'ubuntu', condaFile } });
    const good = await put('1', 'name: x\ndependencies:\n  - python=3.10\n  - pip:\n      - torch\n');
    assert.equal(good.status, 201);
    assert.deepEqual(JSON.parse(good.json.properties.condaFile), {
      name: 'x',
      dependencies: ['python=3.10', { pip: ['torch'] }],
    });
    const old = await put('2', 'dependencies: [python=3.7.6]');
    assert.equal(old.status, 400);
    assert.match(old.json.error.message, /the specification 3\.7\.6 have reached or are nearing end-of-life/);
    const broken = await put('3', 'dependencies: [');
    assert.match(broken.json.error.details[0].message, /condaFile is no YAML/);
  });
});
