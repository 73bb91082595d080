import assert from 'node:assert/strict';

import { Capacity } from '../../emulator/capacity/capacity.js';
import type { Cluster } from '../../emulator/entities/cluster.js';
import type { Scripts } from '../../emulator/scenario/scripts.js';
import { createDrivenClock, type DrivenClock } from './support/driven-clock.js';
import { createCluster, inside, jobBody, reach } from './support/jobs.js';
import { begin, createScripts } from './support/scripts.js';
import { startService, type Answer, type Service } from './support/service.js';
import { until } from './support/until.js';

describe('emulator: what a cluster may have', () => {
  let clock: DrivenClock;
  let scripts: Scripts;
  let capacity: Capacity;
  beforeEach(() => {
    clock = createDrivenClock();
    scripts = createScripts(clock);
    capacity = new Capacity(scripts, 'https://portal/quota');
  });
  const cluster = (changes: Partial<Cluster> = {}): Cluster =>
    ({
      name: 'gpu',
      vmSize: 'Standard_DS2_v2',
      vmPriority: 'LowPriority',
      minNodes: 0,
      nodes: [],
      location: 'eastus',
      ...changes,
    }) as Cluster;
  const nodes = (count: number): Cluster['nodes'] =>
    Array.from({ length: count }, () => ({ state: 'running' }) as Cluster['nodes'][number]);
  const codes = (given: Cluster, missing: number): string[] =>
    capacity.allot(given, missing, [given]).errors.map(({ error }) => error.code);

  it('is what it asks for where nothing says otherwise', () => {
    assert.deepEqual(capacity.allot(cluster(), 3, []), { nodes: 3, errors: [] });
  });

  it('is no further machine beyond what a scenario leaves it, until there is capacity again', () => {
    begin(scripts, '{capacity: [{kind: nodes, cluster: "g*", nodes: 2, until: 900}]}');
    const given = cluster({ nodes: nodes(1) });
    const short = capacity.allot(given, 3, [given]);
    assert.equal(short.nodes, 1);
    assert.equal(short.errors[0]?.error.code, 'OutOfCapacity');
    assert.match(short.errors[0]?.error.message ?? '', /STANDARD_DS2_V2 in eastus.*dedicated VMs to improve chances/);
    assert.equal(capacity.allot(cluster({ name: 'cpu' }), 3, []).nodes, 3);
    assert.equal(capacity.allot(cluster({ nodes: nodes(5) }), 1, []).nodes, 0);
    clock.pass(900);
    assert.deepEqual(capacity.allot(given, 3, [given]), { nodes: 3, errors: [] });
  });

  it('is bounded by a quota that is smaller than usual, never by one that is said to be greater', () => {
    begin(
      scripts,
      '{capacity: [{kind: quota, pool: TotalLowPriorityCores, cores: 5}, {kind: quota, pool: TotalDedicatedCores, cores: 99999}]}',
    );
    const given = cluster({ nodes: nodes(1) });
    const { nodes: allowed, errors } = capacity.allot(given, 2, [given]);
    assert.equal(allowed, 1);
    assert.deepEqual(errors[0]?.error, {
      code: 'ClusterCoreQuotaReached',
      message:
        'Operation results in exceeding quota limits of Total Cluster LowPriority Regional vCPUs. Maximum allowed: 5, Current in use: 2, Additional requested: 4. Click here to view and request for quota: https://portal/quota',
    });
    assert.equal(capacity.limitOf('TotalDedicatedCores', 2000), 2000);
  });

  it('is nothing for a size that is not given for low priority, by itself or because a scenario says so', () => {
    begin(scripts, '{capacity: [{kind: refused, vmSize: "standard_nc*a100*"}]}');
    for (const vmSize of ['Standard_ND96isr_H100_v5', 'Standard_NC96ads_A100_v4']) {
      const { nodes: allowed, errors } = capacity.allot(cluster({ vmSize }), 1, []);
      assert.equal(allowed, 0);
      assert.deepEqual(errors, [
        {
          error: {
            code: 'UnsupportedVMSizeForLowPriority',
            message: `The VM size ${vmSize.toUpperCase()} is not allowed for LowPriority. Please convert to Dedicated or use a different VM size.`,
          },
        },
      ]);
      assert.equal(capacity.allot(cluster({ vmSize, vmPriority: 'Dedicated' }), 1, []).nodes, 1);
    }
  });

  it('comes with the errors that a scenario names, in recorded words where there are any', () => {
    begin(
      scripts,
      '{capacity: [{kind: error, cluster: gpu, code: DiskFull}, {kind: error, code: Odd, message: said}]}',
    );
    assert.deepEqual(codes(cluster(), 1), ['DiskFull', 'Odd']);
    assert.deepEqual(codes(cluster({ name: 'cpu' }), 1), ['Odd']);
    const [full] = capacity.allot(cluster(), 0, []).errors;
    assert.equal(full?.error.details?.[0]?.code, 'Message');
  });

  it('is refused from the start where it is dedicated and the quota holds not one node', () => {
    begin(scripts, '{capacity: [{kind: quota, pool: Standard NCASv3_T4 Family, cores: 3}]}');
    const given = cluster({ vmSize: 'Standard_NC4as_T4_v3', vmPriority: 'Dedicated' });
    assert.equal(capacity.obstacle({ ...given, vmPriority: 'LowPriority' }, []), null);
    assert.match(
      capacity.obstacle(given, [])?.error.message ?? '',
      /^The specified subscription has a Standard NCASv3_T4 family vCPU quota of 3 and cannot accomodate for at least 1 requested managed compute nodes which maps to 4 vCPUs\./,
    );
  });
});

describe('emulator: capacity as clients meet it', function () {
  this.timeout(20_000);
  let service: Service;
  before(async () => (service = await startService({ speed: 50 })));
  afterEach(() => service.call('DELETE', '/_emulator/faults'));
  after(() => service.stop());

  const add = async (...capacity: object[]): Promise<void> => {
    const answer = await service.call('POST', '/_emulator/faults', { capacity });
    assert.equal(answer.status, 200, answer.text);
  };
  const errorsOf = async (name: string): Promise<{ error: { code: string } }[] | null> =>
    (await service.call('GET', `/computes/${name}`)).json.properties.properties.errors;
  const location = (what: string): Promise<Answer> =>
    service.call(
      'GET',
      `/subscriptions/${service.arm.subscriptionId}/providers/Microsoft.MachineLearningServices/locations/eastus/${what}`,
    );

  it('keeps a job in the queue while there are no machines, says why inside a Succeeded cluster, and goes on when they come', async () => {
    await add({ kind: 'nodes', cluster: 'dry', nodes: 0, until: 60 });
    await createCluster(service, 'dry');
    await service.call('PUT', '/jobs/thirsty', jobBody('dry', 'true'));
    const errors = await until('the error', () => errorsOf('dry'));
    assert.equal(errors[0]?.error.code, 'OutOfCapacity');
    const { properties } = (await service.call('GET', '/computes/dry')).json;
    assert.deepEqual([properties.provisioningState, properties.properties.currentNodeCount], ['Succeeded', 0]);
    assert.equal((await service.call('GET', '/jobs/thirsty')).json.properties.status, 'Queued');
    await reach(service, 'thirsty', 'Completed');
    assert.equal(await errorsOf('dry'), null);
  });

  it('shows a smaller quota alike in usages, in quotas and in a cluster that meets it', async () => {
    await add(
      { kind: 'quota', pool: 'TotalLowPriorityCores', cores: 3 },
      { kind: 'quota', pool: 'standardDSv2Family', cores: 1 },
    );
    const usages = (await location('usages')).json.value as { name: { value: string }; limit: number }[];
    const limitOf = (name: string): number | undefined => usages.find((row) => row.name.value === name)?.limit;
    assert.deepEqual([limitOf('TotalLowPriorityCores'), limitOf('standardDSv2Family')], [3, 1]);
    const quotas = (await location('quotas')).json.value as { name: { value: string }; limit: number }[];
    const rows = quotas.filter(({ name }) => name.value === 'standardDSv2Family');
    assert.deepEqual(
      rows.map(({ limit }) => limit),
      [1, 1],
    );
    await createCluster(service, 'poor');
    await service.call('PUT', '/jobs/wide', jobBody('poor', 'true'));
    const errors = await until('the error', () => errorsOf('poor'));
    assert.equal(errors[0]?.error.code, 'ClusterCoreQuotaReached');
    await service.call('DELETE', '/_emulator/faults');
    await reach(service, 'wide', 'Completed');
  });

  it('makes a dedicated cluster fail that is beyond its quota, in its operation and in itself', async () => {
    await add({ kind: 'quota', pool: 'standardDSv2Family', cores: 0 });
    const put = await service.call('PUT', '/computes/beyond', {
      location: 'eastus',
      properties: {
        computeType: 'AmlCompute',
        properties: { vmSize: 'Standard_DS2_v2', scaleSettings: { maxNodeCount: 4 } },
      },
    });
    assert.equal(put.status, 201);
    const { pathname, search } = new URL(String(put.headers['azure-asyncoperation']));
    const operation = await until('the operation', async () => {
      const { json } = await service.call('GET', `${pathname}${search}`);
      return json.status === 'InProgress' ? undefined : json;
    });
    assert.equal(operation.status, 'Failed');
    assert.equal(operation.error.code, 'ClusterMinNodesExceedCoreQuota');
    const { properties } = (await service.call('GET', '/computes/beyond')).json;
    assert.equal(properties.provisioningState, 'Failed');
    assert.equal(properties.provisioningErrors[0].error.code, 'ClusterMinNodesExceedCoreQuota');
    assert.deepEqual(
      [properties.properties.nodeStateCounts, properties.properties.currentNodeCount, properties.properties.errors],
      [null, null, null],
    );
  });

  it('gives no node of a size that is refused, in a cluster that is Succeeded from the start', async () => {
    await createCluster(service, 'h100', { vmSize: 'Standard_ND96isr_H100_v5' });
    assert.equal((await errorsOf('h100'))?.[0]?.error.code, 'UnsupportedVMSizeForLowPriority');
  });

  it('says in one sentence what is wrong with what is sent', async () => {
    const answer = await service.call('POST', '/_emulator/faults', { capacity: [{ kind: 'nodes' }] });
    assert.equal(answer.status, 400);
    assert.match(answer.json.error.message, /^Field capacity\[0\]\.nodes of the scenario sent is wrong: /);
  });
});

describe('emulator: the queue', function () {
  this.timeout(20_000);

  it('keeps a job as long as it is set to, though its nodes are there', async () => {
    const service = await startService({ speed: 20, queueSeconds: 30 });
    try {
      await createCluster(service, 'busy');
      await service.call('PUT', '/jobs/patient', jobBody('busy', 'true'));
      await until('idle nodes', async () => {
        const { json } = await service.call('GET', '/computes/busy');
        return json.properties.properties.nodeStateCounts.idleNodeCount === 2;
      });
      assert.equal((await service.call('GET', '/jobs/patient')).json.properties.status, 'Queued');
      await reach(service, 'patient', 'Completed');
      const { history } = await inside(service, 'patient');
      assert.ok(Date.parse(history[2].at) - Date.parse(history[1].at) >= 1490, JSON.stringify(history));
    } finally {
      await service.stop();
    }
  });
});
