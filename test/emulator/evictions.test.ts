import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ContainerClient } from '@azure/storage-blob';

import { lifeSeconds } from '../../emulator/evictions/background.js';
import { availableAt, untilChange, type Series } from '../../emulator/evictions/series.js';
import { FACE_NAMES } from '../../emulator/faces/faces.js';
import { draw } from '../../emulator/scenario/chance.js';
import { createCluster, details, inside, jobBody, mounted, reach } from './support/jobs.js';
import { blobContainer, startService, type Answer, type Service } from './support/service.js';
import { until } from './support/until.js';

const MAIN = fileURLToPath(new URL('../../emulator/main.js', import.meta.url));

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

describe('emulator: preemptions of jobs', function () {
  this.timeout(40_000);
  let service: Service;
  let blobs: ContainerClient;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulator-series-'));
    service = await startService({ storage: true, rateLimits: false });
    blobs = await blobContainer(service);
    await createCluster(service, 'pair', { scaleSettings: { minNodeCount: 0, maxNodeCount: 4 } });
  });
  afterEach(() => service.call('DELETE', '/_emulator/faults'));
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (name: string, command: string, changes: object = {}): Promise<Answer> =>
    service.call('PUT', `/jobs/${name}`, jobBody('pair', command, { outputs: { out: mounted(name) }, ...changes }));
  const text = async (name: string): Promise<string | undefined> => {
    const blob = blobs.getBlobClient(name);
    return (await blob.exists()) ? (await blob.downloadToBuffer()).toString() : undefined;
  };
  const evict = (job: string, how: object): Promise<Answer> =>
    service.call('POST', '/_emulator/evict', { job, ...how });
  const add = async (scenario: object): Promise<void> => {
    const answer = await service.call('POST', '/_emulator/faults', scenario);
    assert.equal(answer.status, 200, answer.text);
  };
  const statuses = async (job: string): Promise<string[]> =>
    (await inside(service, job)).history.map(({ status }: { status: string }) => status);
  const nodesOf = async (state: string): Promise<string[]> =>
    (await service.call('POST', '/computes/pair/listNodes')).json.nodes
      .filter(({ nodeState }: { nodeState: string }) => nodeState === state)
      .map(({ runId }: { runId: string | null }) => runId);
  const bothSaid = (job: string): Promise<unknown> =>
    until(`both nodes of ${job}`, async () =>
      (await text(`${job}/pid-0`)) && (await text(`${job}/pid-1`)) ? true : false,
    );
  const pidOf = async (job: string, rank: number): Promise<string> => (await text(`${job}/pid-${rank}`))?.trim() ?? '';
  const SAY = 'echo $$ > ${{outputs.out}}/pid-$RANK';

  it('crashed: the service says nothing, and the job ends with the status of the processes that are left', async () => {
    await put('crashed', `${SAY}; test $RANK = 1 && sleep 60; sleep 2; echo connection reset; exit 7`);
    await bothSaid('crashed');
    await evict('crashed', { face: 'crashed', node: 1 });
    assert.deepEqual(await nodesOf('preempted'), ['crashed']);
    await reach(service, 'crashed', 'Failed');
    assert.match(
      (await details(service, 'crashed')).error.error.message,
      /exited with status code 7.*connection reset/s,
    );
  });

  it('notResponding: everything stands still for a while and goes on, on the same nodes, its start unchanged', async () => {
    await put('silent', `${SAY}; until test -f \${{outputs.out}}/go; do sleep 0.1; done`);
    await bothSaid('silent');
    const before = await details(service, 'silent');
    await evict('silent', { face: 'notResponding', node: 1, backAfter: 15 });
    assert.equal((await service.call('GET', '/jobs/silent')).json.properties.status, 'NotResponding');
    const pid = await pidOf('silent', 1);
    assert.deepEqual([stateOf(pid), stateOf(await pidOf('silent', 0))], ['T', 'S']);
    await reach(service, 'silent', 'Running');
    assert.notEqual(stateOf(pid), 'T');
    assert.deepEqual(
      await nodesOf('preempted'),
      (await nodesOf('preempted')).filter((job) => job !== 'silent'),
    );
    assert.equal((await details(service, 'silent')).lastStartTimeUtc, before.lastStartTimeUtc);
    await blobs.getBlockBlobClient('silent/go').upload('1', 1);
    await reach(service, 'silent', 'Completed');
    assert.deepEqual((await statuses('silent')).slice(3), [
      'Running',
      'NotResponding',
      'Running',
      'Finalizing',
      'Completed',
    ]);
  });

  it('a job that is canceled while none of its nodes answers ends all the same and leaves no process', async () => {
    await put('mute', `${SAY}; sleep 60`);
    await bothSaid('mute');
    await evict('mute', { face: 'notResponding', node: 'all', backAfter: 9999 });
    const pids = [await pidOf('mute', 0), await pidOf('mute', 1)];
    assert.equal((await service.call('POST', '/jobs/mute/cancel')).status, 202);
    await reach(service, 'mute', 'Canceled');
    assert.deepEqual(pids.map(isAlive), [false, false]);
  });

  it('with a warning: SIGTERM to that node alone, its failure put down to the preemption, and time to save', async () => {
    const command = `trap 'echo saved > \${{outputs.out}}/saved-$RANK; exit 9' TERM; ${SAY}; while :; do sleep 0.1; done`;
    await put('warned', command);
    await bothSaid('warned');
    const { done } = (await evict('warned', { face: 'failed', node: 1, warning: 25 })).json;
    assert.match(done, /^job warned: node 1 is taken away after 25 s of warning; the job ends Failed with a Preempt/);
    await until('what it saved', () => text('warned/saved-1'));
    assert.equal((await service.call('GET', '/jobs/warned')).json.properties.status, 'Running');
    await reach(service, 'warned', 'Failed');
    assert.match((await details(service, 'warned')).error.error.message, /PreemptionError/);
    assert.equal(await text('warned/saved-0'), undefined);
  });

  it('while it prepares: the node goes before anything ran, and the job starts anew', async () => {
    await add({
      rules: [{ when: { job: 'early', status: 'Preparing' }, do: { evict: { face: 'requeued', node: 0 } } }],
    });
    await put('early', 'true');
    await reach(service, 'early', 'Completed');
    assert.deepEqual((await statuses('early')).slice(2), [
      'Preparing',
      'Queued',
      'Preparing',
      'Running',
      'Finalizing',
      'Completed',
    ]);
  });

  it('while it finalizes: what was not yet saved is lost, and the job fails', async () => {
    await add({
      rules: [{ when: { job: 'latest', status: 'Finalizing' }, do: { evict: { face: 'failed', node: 'all' } } }],
    });
    await put('latest', 'mkdir outputs; for i in $(seq 2000); do echo $i > outputs/$i; done');
    await reach(service, 'latest', 'Failed');
    assert.deepEqual((await statuses('latest')).slice(-2), ['Finalizing', 'Failed']);
    assert.match((await details(service, 'latest')).error.error.message, /PreemptionError/);
  });

  it('with no machines for a while: the job waits in the queue as long, and then starts anew', async () => {
    const command = `ls \${{outputs.out}}/pid-0 && exit 0; ${SAY}; sleep 60`;
    await createCluster(service, 'pair', { scaleSettings: { minNodeCount: 0, maxNodeCount: 2 } });
    await put('starved', command);
    await bothSaid('starved');
    await evict('starved', { face: 'requeued', node: 'all', backAfter: 20 });
    const { properties } = (await service.call('GET', '/computes/pair')).json;
    assert.equal(properties.properties.errors[0].error.code, 'OutOfCapacity');
    await reach(service, 'starved', 'Completed');
    const { history } = await inside(service, 'starved');
    const at = (index: number): number => Date.parse(history.at(index).at);
    // Queued, Preparing, Running, Finalizing, Completed; 20 seconds pass in 2.
    assert.ok(at(-4) - at(-5) >= 1900, `waited ${at(-4) - at(-5)} ms`);
  });

  it('in the background, from a seed: nodes live as long as was drawn for them', async () => {
    await add({ seed: 3, evictions: [{ kind: 'random', cluster: 'pair', meanSecondsPerNode: 30, face: 'failed' }] });
    await put('random', 'sleep 60');
    await reach(service, 'random', 'Failed');
    assert.match((await details(service, 'random')).error.error.message, /PreemptionError/);
    const { scenario } = (await service.call('GET', '/_emulator/state')).json;
    const [item] = scenario.at(-1).items;
    assert.ok(item.seen >= 2 && item.hit >= 1, JSON.stringify(item));
  });

  it('in the background, by faces that are drawn too: the nodes of a job that runs are really taken', async () => {
    await add({ seed: 3, evictions: [{ kind: 'random', cluster: 'pair', meanSecondsPerNode: 30 }] });
    await put('mixed', 'sleep 60');
    await until('a node of it to be preempted', async () => (await nodesOf('preempted')).includes('mixed'));
    await service.call('POST', '/jobs/mixed/cancel');
  });

  it('in the background, from a recorded series: nodes beyond it go, and come again with it', async () => {
    const command = `ls \${{outputs.out}}/pid-0 && exit 0; ${SAY}; sleep 60`;
    await put('traced', command);
    await bothSaid('traced');
    const file = join(folder, 'series.json');
    await writeFile(file, JSON.stringify(series([2, 0, 0, 0, 2, 2], 2, 20)));
    await add({ evictions: [{ kind: 'trace', cluster: 'pair', file, face: 'requeued' }] });
    await reach(service, 'traced', 'Queued');
    await until('no machine to be left', async () => (await nodesOf('running')).length === 0);
    assert.equal((await service.call('GET', '/computes/pair')).json.properties.properties.targetNodeCount, 0);
    await reach(service, 'traced', 'Completed');
    assert.equal((await inside(service, 'traced')).attempt, 2);
  });

  it('on the command line: says what it does, and what it cannot in one sentence', async () => {
    await put('asked', `${SAY}; sleep 60`);
    await bothSaid('asked');
    const flags = ['--job', 'asked', '--node', 'all', '--face', 'canceled', '--back-after', '1', '--warning', '1'];
    assert.deepEqual(await evictByHand(service, ...flags), {
      code: 0,
      said: 'job asked: node 0, 1 is taken away after 1 s of warning; the job ends Canceled for want of capacity\n',
    });
    await reach(service, 'asked', 'Canceled');
    assert.deepEqual(await evictByHand(service, '--job', 'nobody'), {
      code: 1,
      said: 'azureml-emulator: There is no job "nobody"; GET /_emulator/state lists all.\n',
    });
  });

  it('refuses targets that there are not in one sentence, and names the faces that there are', async () => {
    for (const [what, status, message] of [
      [{ job: 'nobody' }, 404, /^There is no job "nobody"; GET \/_emulator\/state lists all\.$/],
      [{ job: 'mute' }, 409, /^Job "mute" is Canceled and has no nodes to take away\.$/],
      [{ job: 'mute', face: 'odd' }, 400, new RegExp(`^Field face of the eviction .*${FACE_NAMES.join('.*')}`)],
      [{ job: 'mute', warning: -1 }, 400, /^Field warning of the eviction is wrong: /],
    ] as const) {
      const answer = await service.call('POST', '/_emulator/evict', what);
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.json.error.message, message);
    }
  });
});

describe('emulator: a job that was being canceled when the emulator went away', function () {
  this.timeout(20_000);

  it('is canceled at its next start, for the reason it was given, and nothing of it runs', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'emulator-cancel-'));
    try {
      const first = await startService({ stateDir, graceSeconds: 9999 });
      await createCluster(first, 'pair');
      await first.call('PUT', '/jobs/stubborn', jobBody('pair', 'trap "" TERM; while :; do sleep 0.1; done'));
      await reach(first, 'stubborn', 'Running');
      await first.call('POST', '/_emulator/evict', { job: 'stubborn', face: 'hang' });
      await first.call('POST', '/jobs/stubborn/cancel');
      const { nodes } = await inside(first, 'stubborn');
      await first.stop();
      assert.deepEqual(
        nodes.map(({ pid }: { pid: number }) => isAlive(String(pid))),
        [false, false],
      );
      const second = await startService({ stateDir });
      const job = await inside(second, 'stubborn');
      await second.stop();
      assert.deepEqual([job.status, job.cancelationReason], ['Canceled', 'The job was canceled by its user.']);
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });
});

function evictByHand(service: Service, ...flags: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN, 'evict', '--url', service.emulator.url, ...flags]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}

// A dead process whose parent died with it stays a zombie until somebody collects it.
function isAlive(pid: string): boolean {
  return !['gone', 'Z', 'X'].includes(stateOf(pid));
}

function stateOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid || 'none'}/stat`, 'utf8').split(' ')[2] ?? 'gone';
  } catch {
    return 'gone';
  }
}
