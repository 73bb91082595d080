import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { markedProcesses, startTime } from '../../emulator/nodes/processes.js';
import { clientsOf, SECRET, startService, type Service } from './support/service.js';
import { createCluster, details, inside, jobBody, reach } from './support/jobs.js';
import { isAlive } from './support/processes.js';
import { until } from './support/until.js';

const MAIN = fileURLToPath(new URL('../../emulator/main.js', import.meta.url));

interface Running extends Pick<Service, 'call'> {
  process: ChildProcess;
  exited: Promise<number | null>;
}

describe('emulator: what survives the emulator itself', function () {
  this.timeout(60_000);
  let folder: string;
  let running: Running | undefined;

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'emulator-restart-'))));
  afterEach(async () => {
    running?.process.kill('SIGKILL');
    await running?.exited;
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  const serve = async (...flags: string[]): Promise<Running> => {
    await writeFile(join(folder, 'secret'), SECRET);
    const base = [
      MAIN,
      '--no-storage',
      '--state',
      join(folder, 'state'),
      '--client-secret-file',
      join(folder, 'secret'),
      '--speed',
      '10',
    ];
    const child = spawn(process.execPath, [...base, ...flags], { stdio: ['ignore', 'pipe', 'ignore'] });
    const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    const line = await new Promise<string>((done, failed) => {
      child.stdout.once('data', (chunk: Buffer) => done(chunk.toString()));
      child.once('exit', () => failed(new Error('The emulator ended before it was ready.')));
    });
    const { ready, url, caFile, pid } = JSON.parse(line) as {
      ready: boolean;
      url: string;
      caFile: string;
      pid: number;
    };
    assert.equal(ready, true);
    assert.equal(pid, child.pid);
    running = { ...clientsOf({ url, caFile }), process: child, exited };
    return running;
  };
  const runningJob = async (service: Running): Promise<{ pid: number; mark: string }> => {
    await createCluster(service, 'pair');
    // setsid: a process that leaves the node's group and session belongs to the node all the same.
    await service.call('PUT', '/jobs/torn', jobBody('pair', 'setsid sleep 300 & sleep 300'));
    await reach(service, 'torn', 'Running');
    const job = await inside(service, 'torn');
    const [node] = job.nodes as { pid: number; nodeId: string; started: string }[];
    assert.equal(startTime(node?.pid ?? 0), node?.started);
    return { pid: node?.pid ?? 0, mark: `${node?.nodeId ?? ''}-${job.runUuid as string}-1` };
  };

  it('brings a job that ran when it was killed back as preempted, kills what it left, and keeps everything else', async () => {
    const first = await serve();
    await first.call('PUT', '/environments/local/versions/1', { properties: { image: 'local' } });
    const { pid, mark } = await runningJob(first);
    await until('both processes of the command', () => markedProcesses(mark).length >= 3);
    first.process.kill('SIGKILL');
    await first.exited;
    await until('the nodes to end with it', () => startTime(pid) === null && markedProcesses(mark).length === 0);
    const second = await serve();
    const job = (await second.call('GET', '/jobs/torn')).json;
    assert.equal(job.properties.status, 'Failed');
    assert.match((await details(second, 'torn')).error.error.message, /PreemptionError/);
    assert.equal((await second.call('GET', '/environments/local/versions/1')).status, 200);
    assert.equal((await second.call('GET', '/computes/pair')).json.properties.properties.currentNodeCount, 0);
  });

  it('lets a job that still waited for nodes wait on', async () => {
    const first = await serve('--provision-seconds', '600');
    await createCluster(first, 'slow');
    await first.call('PUT', '/jobs/patient', jobBody('slow', 'true'));
    await reach(first, 'patient', 'Queued');
    first.process.kill('SIGKILL');
    await first.exited;
    const second = await serve();
    await reach(second, 'patient', 'Completed');
  });

  it('ends within two seconds of SIGTERM and leaves no process of a job behind', async () => {
    const service = await serve();
    const { mark } = await runningJob(service);
    const asked = Date.now();
    service.process.kill('SIGTERM');
    assert.equal(await service.exited, 0);
    assert.ok(Date.now() - asked < 2000, `took ${Date.now() - asked} ms`);
    assert.deepEqual(markedProcesses(mark), []);
  });

  it('says in one sentence which field of a scenario file is wrong, and ends', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(file, 'rules:\n  - when: { job: x, blob: y }\n    do: { evict: { face: gone } }\n');
    const child = spawn(
      process.execPath,
      [MAIN, '--no-storage', '--state', join(folder, 'state'), '--scenario', file],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((done) => child.once('exit', done));
    assert.equal(code, 1);
    assert.match(
      said,
      /^azureml-emulator: Field rules\[0\]\.do\.evict\.face of the scenario .*bad\.yaml is wrong: .*\n$/,
    );
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
