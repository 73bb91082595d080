import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ContainerClient } from '@azure/storage-blob';

import { lifeSeconds } from '../../emulator/evictions/background.js';
import { availableAt, untilChange, type Series } from '../../emulator/evictions/series.js';
import { draw } from '../../emulator/scenario/chance.js';
import { createCluster, details, inside, jobBody, mounted, reach } from './support/jobs.js';
import { blobContainer, startService, type Answer, type Service } from './support/service.js';
import { until } from './support/until.js';

const series = (available: number[], maxNodes?: number, gapSeconds = 60): Series => ({
  gapSeconds,
  available,
  maxNodes,
});

describe('emulator: recorded series', () => {
  it('tell how many nodes may be had, tick by tick, and begin anew at their end', () => {
    const counted = series([4, 4, 0, 2], 4);
    assert.deepEqual(
      [0, 59, 119, 120, 180, 239, 240].map((seconds) => availableAt(counted, seconds)),
      [4, 4, 4, 0, 2, 2, 4],
    );
    assert.equal(availableAt(counted, 0, 0.6), 2);
  });

  it('set no limit with a one where they count no nodes', () => {
    assert.deepEqual([availableAt(series([1, 0]), 0), availableAt(series([1, 0], 1), 60)], [Infinity, 0]);
  });

  it('tell when they change next, over their end, and never where they never do', () => {
    const counted = series([4, 4, 0, 4], 4);
    assert.deepEqual(
      [0, 61, 120, 180, 200].map((seconds) => untilChange(counted, seconds)),
      [120, 59, 60, 180, 160],
    );
    assert.equal(untilChange(series([3, 3], 3), 10), Infinity);
  });
});

describe('emulator: lives of nodes', () => {
  it('are exponential about their mean, and the same for the same seed', () => {
    const lives = Array.from({ length: 4000 }, (_, node) =>
      lifeSeconds(5400, draw(7, 'evictions[0]/gpu', node, 'life')),
    );
    const mean = lives.reduce((sum, life) => sum + life, 0) / lives.length;
    assert.ok(Math.abs(mean / 5400 - 1) < 0.05, `mean ${mean}`);
    const beyondMean = lives.filter((life) => life > 5400).length / lives.length;
    assert.ok(Math.abs(beyondMean - Math.exp(-1)) < 0.02, `${beyondMean} of them live longer than the mean`);
    assert.equal(lifeSeconds(5400, draw(7, 'evictions[0]/gpu', 3, 'life')), lives[3]);
    assert.notEqual(lifeSeconds(5400, draw(8, 'evictions[0]/gpu', 3, 'life')), lives[3]);
  });
});

describe('emulator: evictions in the background', function () {
  this.timeout(40_000);
  let service: Service;
  let blobs: ContainerClient;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulator-series-'));
    service = await startService({ storage: true, rateLimits: false });
    blobs = await blobContainer(service);
    await createCluster(service, 'pair');
  });
  afterEach(() => service.call('DELETE', '/_emulator/faults'));
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (name: string, command: string): Promise<Answer> =>
    service.call('PUT', `/jobs/${name}`, jobBody('pair', command, { outputs: { out: mounted(name) } }));
  const add = async (scenario: object): Promise<void> => {
    const answer = await service.call('POST', '/_emulator/faults', scenario);
    assert.equal(answer.status, 200, answer.text);
  };
  const nodesOf = async (state: string): Promise<string[]> =>
    (await service.call('POST', '/computes/pair/listNodes')).json.nodes
      .filter(({ nodeState }: { nodeState: string }) => nodeState === state)
      .map(({ runId }: { runId: string | null }) => runId);

  it('from a seed: nodes live as long as was drawn for them', async () => {
    await add({ seed: 3, evictions: [{ kind: 'random', cluster: 'pair', meanSecondsPerNode: 30, face: 'failed' }] });
    await put('random', 'sleep 60');
    await reach(service, 'random', 'Failed');
    assert.match((await details(service, 'random')).error.error.message, /PreemptionError/);
    const { scenario } = (await service.call('GET', '/_emulator/state')).json;
    const [item] = scenario.at(-1).items;
    assert.ok(item.seen >= 2 && item.hit >= 1, JSON.stringify(item));
  });

  it('by faces that are drawn too: the nodes of a job that runs are really taken', async () => {
    await add({ seed: 3, evictions: [{ kind: 'random', cluster: 'pair', meanSecondsPerNode: 30 }] });
    await put('mixed', 'sleep 60');
    await until('a node of it to be preempted', async () => (await nodesOf('preempted')).includes('mixed'));
    await service.call('POST', '/jobs/mixed/cancel');
  });

  it('from a recorded series: nodes beyond it go, and come again with it', async () => {
    await put('traced', 'ls ${{outputs.out}}/began-0 && exit 0; touch ${{outputs.out}}/began-$RANK; sleep 60');
    const began = (rank: number): Promise<boolean> => blobs.getBlobClient(`traced/began-${rank}`).exists();
    await until('both nodes of it', async () => (await began(0)) && (await began(1)));
    const file = join(folder, 'series.json');
    await writeFile(file, JSON.stringify(series([2, 0, 0, 0, 2, 2], 2, 20)));
    await add({ evictions: [{ kind: 'trace', cluster: 'pair', file, face: 'requeued' }] });
    await reach(service, 'traced', 'Queued');
    await until('no machine to be left', async () => (await nodesOf('running')).length === 0);
    assert.equal((await service.call('GET', '/computes/pair')).json.properties.properties.targetNodeCount, 0);
    await reach(service, 'traced', 'Completed');
    assert.equal((await inside(service, 'traced')).attempt, 2);
  });
});
