import assert from 'node:assert/strict';

import { P, startService, type Service } from './support/service.js';
import { createCluster, jobBody, mounted, reach } from './support/jobs.js';

describe('emulator: metrics and outputs of runs', function () {
  this.timeout(20_000);
  let service: Service;

  before(async () => {
    service = await startService({ storage: true });
    await createCluster(service, 'farm');
    const changes = { resources: { instanceCount: 1 }, outputs: { model: mounted('kept/model') } };
    await service.call('PUT', '/jobs/run', jobBody('farm', 'true', changes));
  });
  after(() => service.stop());

  const metric = (what: string, body: object = {}): ReturnType<Service['call']> =>
    service.call('POST', `/metric/v2.0${P}/runs/run/${what}`, body);

  it('are empty lists where nobody logged any, and 404 where there is no run', async () => {
    for (const what of ['list', 'lastvalues']) assert.deepEqual((await metric(what)).json.value, []);
    assert.deepEqual((await metric('full', { metricName: 'loss' })).json.value, []);
    const nobody = await service.call('POST', `/metric/v2.0${P}/runs/nobody/list`, {});
    assert.deepEqual([nobody.status, nobody.json.error.message], [404, 'RunId: nobody was not found.']);
    assert.equal((await metric('full')).status, 400);
  });

  it('are read back as they were logged: all, drawn, and the last of each', async () => {
    const value = [0, 1, 2].map((step) => ({ step, data: { loss: 3 - step } }));
    await metric('batch', { values: [{ name: 'loss', columns: { loss: 'Double' }, value }] });
    const listed = await metric('list');
    assert.deepEqual(listed.json.value[0].metricKey, {
      namespace: null,
      name: 'loss',
      labels: [],
      columnNames: ['loss'],
    });
    const steps = async (what: string): Promise<number[]> =>
      (await metric(what, { metricName: 'loss' })).json.value.map(({ step }: { step: number }) => step);
    assert.deepEqual(
      [await steps('full'), await steps('sample')],
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
    );
    const last = (await metric('lastvalues')).json.value[0];
    assert.deepEqual([last.dataContainerId, last.value[0].data], ['dcid.run', { loss: 1 }]);
  });

  it('tell by the asset of an output where a client finds its files', async () => {
    await reach(service, 'run', 'Completed');
    const { json } = await service.call('GET', `/history/v1.0${P}/runs/run/details`);
    assert.deepEqual(Object.keys(json.outputs), ['model', 'default']);
    const ids = [json.outputs.model.assetId, json.outputs.default.assetId, 'azureml://x/data/none/versions/1'];
    const answer = await service.call('POST', `/data/v1.0${P}/dataversion/batchGetResolvedUris`, { values: ids });
    const [model, artifacts, none] = ids.map((id) => answer.json.values[id]?.uri);
    assert.match(model, /\/datastores\/workspaceblobstore\/paths\/kept\/model\/$/);
    assert.match(artifacts, /\/datastores\/workspaceartifactstore\/paths\/ExperimentRun\/dcid\.run\/$/);
    assert.equal(none, undefined);
  });
});
