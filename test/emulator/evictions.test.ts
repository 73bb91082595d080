import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { ContainerClient } from '@azure/storage-blob';

import { FACE_NAMES } from '../../emulator/faces/faces.js';
import { createCluster, details, inside, jobBody, mounted, reach } from './support/jobs.js';
import { isAlive, stateOf } from './support/processes.js';
import { blobContainer, startService, type Answer, type Service } from './support/service.js';
import { until } from './support/until.js';

const MAIN = fileURLToPath(new URL('../../emulator/main.js', import.meta.url));

describe('emulator: preemptions of jobs', function () {
  this.timeout(40_000);
  let service: Service;
  let blobs: ContainerClient;

  before(async () => {
    service = await startService({ storage: true, rateLimits: false });
    blobs = await blobContainer(service);
    await createCluster(service, 'pair', { scaleSettings: { minNodeCount: 0, maxNodeCount: 4 } });
  });
  afterEach(() => service.call('DELETE', '/_emulator/faults'));
  after(() => service.stop());

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

function evictByHand(service: Service, ...flags: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN, 'evict', '--url', service.emulator.url, ...flags]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}
