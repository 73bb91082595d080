import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { takeInventory } from '../../azure/inventory.js';
import { BerthaClient } from '../../client.js';
import type { Finding, Inventory } from '../../domain/orphans.js';
import { bertha } from '../cli/support/run.js';
import { startServer } from '../workflows/server.js';
import { quiet } from '../workflows/suite.js';
import { closedAddress, otherCloud } from './support/clouds.js';
import { activities, azure, config, place } from './support/deps.js';
import { rawJob, submitRequest } from './support/jobs.js';
import { run } from './support/run.js';
import { sharedStack } from './support/stack.js';
import { until } from './support/until.js';
import { end, endRequest } from './support/watching.js';

/** A run that was terminated leaves a job on its own cluster; another one lives. Both are real, on the emulator and on a Temporal server. */
describe('activities: B30, what runs left behind is found and ended, and nothing else', function () {
  this.timeout(90_000);
  let server: TestWorkflowEnvironment;
  let client: BerthaClient;
  let env: Record<string, string>;
  let untouched: Inventory;
  const target = { subscription: config('x').azure.subscriptionId, ...config('x').azure };
  const workspace = (cloud = 'local') => [
    ...['--subscription', target.subscription, '--resource-group', target.resourceGroup],
    ...['--workspace', target.workspace, '--cloud', cloud],
  ];

  before(async () => {
    quiet();
    const { places } = await sharedStack();
    server = await startServer('dev');
    env = { TEMPORAL_ADDRESS: server.address, BERTHA_CLOUDS_DIR: places.folder };
    client = await BerthaClient.connect({
      address: server.address,
      namespace: 'default',
      options: {},
      from: 'environment',
    });
    for (const name of ['stays', 'leaves']) await client.startRun(config(name));
    await run(activities.submitJob, await submitRequest('stays', 'sleep 300'));
    untouched = await takeInventory(azure());
    const cluster = { ...config('leaves').cluster, name: 'leaves', nodes: 1 };
    const chain = 'chain-of-leaves';
    await run(activities.ensureCluster, { place: place('leaves'), cluster, region: 'eastus', chain });
    await run(activities.submitJob, await submitRequest('leaves', 'sleep 300', { cluster }));
    await until('both to run', async () =>
      (await Promise.all(['stays', 'leaves'].map(statusOf))).every((status) => status === 'Running'),
    );
  });

  after(async () => {
    await end(endRequest('stays'));
    await client.close();
    await server.teardown();
  });

  it('Temporal tells a live run, one that ended and one that it does not know apart', async () => {
    assert.deepEqual(await client.knowledgeOf('leaves'), { kind: 'live' });
    await server.client.workflow.getHandle('leaves').terminate('the worst way to end a run');
    assert.deepEqual(await client.knowledgeOf('leaves'), { kind: 'ended', how: 'terminated' });
    assert.deepEqual(await client.knowledgeOf('nobody'), { kind: 'not-known' });
  });

  it('lists job, cluster and node of the run that was terminated, and changes nothing', async () => {
    const before = await takeInventory(azure());
    const { code, findings } = await reap(...workspace());
    assert.equal(code, 0);
    const leaves = findings.filter((finding) => finding.run === 'leaves');
    assert.deepEqual(
      leaves.map(({ kind, name, verdict, act }) => [kind, kind === 'node' ? '' : name, verdict, act]),
      [
        ['job', 'leaves-p1-a001', 'orphan', 'cancel'],
        ['cluster', 'leaves', 'orphan', 'delete'],
        ['node', '', 'orphan', null],
      ],
    );
    assert.match(leaves[2]?.because ?? '', /held by job leaves-p1-a001$/);
    assert.deepEqual(
      findings.filter((finding) => finding.run === 'stays'),
      [],
    );
    assert.deepEqual(await takeInventory(azure()), before);
  });

  it('touches nothing where Azure gives no answer', async () => {
    const resourceManager = await closedAddress();
    await otherCloud('unreachable', () => ({ resourceManager }));
    const before = await takeInventory(azure());
    const { code, err } = await bertha(['reap', '--act', '--forgotten', ...workspace('unreachable')], env);
    assert.equal(code, 1);
    assert.match(err, /gave no answer, so nothing is known or done there: listing clusters failed/);
    assert.deepEqual(await takeInventory(azure()), before);
  });

  it('touches nothing where Temporal gives no answer', async () => {
    const address = (await closedAddress()).slice('https://'.length);
    const { code } = await bertha(['reap', '--act', '--forgotten', ...workspace()], {
      ...env,
      TEMPORAL_ADDRESS: address,
    });
    assert.equal(code, 4);
    assert.equal(await statusOf('leaves'), 'Running');
  });

  it('B30 with --act ends them and proves it: what is left is what was there before, and the live run keeps its node', async () => {
    const { code, done } = await reap('--act');
    assert.equal(code, 0);
    assert.deepEqual(done, [
      ['leaves-p1-a001', true, 'canceled and proven ended (Canceled)'],
      ['leaves', true, 'deleted with its nodes, and proven gone'],
    ]);
    const afterwards = await takeInventory(azure());
    assert.deepEqual(afterwards.clusters, untouched.clusters);
    // Jobs of other tests may have ended meanwhile; none may have come.
    const before = new Set(untouched.jobs.map(({ name }) => name));
    assert.deepEqual(
      afterwards.jobs.filter(({ name }) => !before.has(name)),
      [],
    );
    assert.ok(
      afterwards.nodes.some(({ jobName }) => jobName === 'stays-p1-a001'),
      'the live run keeps its node',
    );
    assert.ok(!afterwards.nodes.some(({ cluster }) => cluster === 'leaves'));
    assert.equal(await statusOf('stays'), 'Running');
    assert.deepEqual((await reap('--act')).done, [], 'safe to repeat');
  });

  async function reap(...words: string[]): Promise<{ code: number; findings: Finding[]; done: unknown[][] }> {
    const { code, out, err } = await bertha(['--json', 'reap', ...words], env);
    const answer = JSON.parse(out || `{"error": ${JSON.stringify(err)}}`) as {
      workspaces: { findings: Finding[]; done: { finding: Finding; proven: boolean; outcome: string }[] }[];
    };
    const done = answer.workspaces.flatMap((one) => one.done);
    return {
      code,
      findings: answer.workspaces.flatMap(({ findings }) => findings),
      done: done.map(({ finding, proven, outcome }) => [finding.name, proven, outcome]),
    };
  }

  const statusOf = async (name: string) => (await rawJob(`${name}-p1-a001`)).properties.status;
});
