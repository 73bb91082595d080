import assert from 'node:assert/strict';
import { armRequest } from '../../azure/arm.js';
import { takeInventory } from '../../azure/inventory.js';
import { attemptFolder, runFolder, trainerConfigPath } from '../../domain/paths.js';
import { activities, azure, store } from './support/deps.js';
import { submitRequest } from './support/jobs.js';
import { run } from './support/run.js';
import { end, endRequest } from './support/watching.js';

/** Everything of a workspace that a run could leave, but its jobs, which stay in the list when they have ended. */
const PARENTS = ['datastores', 'computes', 'environments', 'codes', 'models'];

describe('activities: what a run leaves', function () {
  this.timeout(60_000);

  it('B30 a run that comes and goes leaves the workspace as it found it: no node, cluster, datastore, container or asset more', async () => {
    await submitRequest('before', 'true');
    const before = await everything();
    const asked = await submitRequest('passing', 'sleep 100');
    for (const attempt of [1, 2]) {
      await run(activities.submitJob, { ...asked, attempt });
      const stopping = { checkpointSeconds: 1, graceSeconds: 60, apartSeconds: 1, nodesSeconds: 60 };
      const { kind } = await end(endRequest('passing', { jobName: `passing-p1-a00${attempt}`, stopping }));
      assert.equal(kind, 'proven');
    }
    assert.deepEqual(await everything(), before);
    const blobs = (await (await store()).list(`${runFolder('passing')}/`)).map(({ path }) => path);
    const its = [1, 2].flatMap((attempt) => [
      trainerConfigPath('passing', 'p1', attempt),
      attemptFolder('passing', 'p1', attempt),
    ]);
    for (const path of blobs)
      assert.ok(
        its.some((one) => path.startsWith(one)),
        `${path} is no file of an attempt`,
      );
  });
});

async function everything(): Promise<Record<string, unknown>> {
  const { jobs, clusters, nodes } = await takeInventory(azure());
  const passing = ({ run: name }: { run: string | null }) => name === 'passing';
  const assets: Record<string, string[]> = {};
  for (const parent of PARENTS) assets[parent] = await names(`/${parent}`);
  for (const parent of ['environments', 'codes'])
    for (const name of assets[parent] ?? []) assets[`${parent}/${name}`] = await names(`/${parent}/${name}/versions`);
  const held = nodes.filter(({ jobName }) => jobName?.startsWith('passing-') === true);
  return { jobs: jobs.filter(passing), clusters: clusters.filter(passing), held, assets };
}

async function names(path: string): Promise<string[]> {
  const { body } = await armRequest(azure(), 'GET', path);
  return (body as { value: { name: string }[] }).value.map(({ name }) => name).sort();
}
