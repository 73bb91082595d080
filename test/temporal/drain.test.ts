import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from '../../domain/task-queues.js';
import { bertha } from '../../installation.js';
import { config } from '../domain/samples.js';
import { historiesOf } from '../workflows/executions.js';
import { FakeAzure, dispatch } from '../workflows/fake/index.js';
import { startServer } from '../workflows/server.js';
import { currentBundle, quiet } from '../workflows/suite.js';
import { eventually } from '../workflows/waiting.js';

describe('temporal: a worker that is told to stop', function () {
  this.timeout(60_000);
  const azure = new FakeAzure([{ ending: 'runs-on' }]);
  const running: { worker: Worker; ended: Promise<void> }[] = [];
  let server: TestWorkflowEnvironment;
  let child: ChildProcess | undefined;

  before(async () => {
    quiet();
    server = await startServer('dev');
    await startWorker(DATA_TASK_QUEUE);
  });

  after(async () => {
    child?.kill('SIGKILL');
    for (const { worker } of running) worker.shutdown();
    await Promise.all(running.map(({ ended }) => ended));
    await server.teardown();
  });

  it('hands its look at a job over at once, though Azure leaves it unanswered, and that decides nothing about the job', async () => {
    const { lines, exit } = startHangingWorker();
    const run = await server.client.workflow.start('runWorkflow', {
      workflowId: 'drained',
      taskQueue: CONTROL_TASK_QUEUE,
      args: [{ config: { ...config(), name: 'drained' } }],
    });
    await eventually('the look hangs', () => Promise.resolve(lines.includes('looking')));
    azure.chains.push(run.firstExecutionRunId);
    azure.put('drained-p1-a001', {
      place: { run: 'drained' },
      phase: 'p1',
      attempt: 1,
      chain: run.firstExecutionRunId,
    } as never);
    await startWorker(CONTROL_TASK_QUEUE);

    const told = performance.now();
    child?.kill('SIGTERM');
    await eventually('another worker looks', () => Promise.resolve(azure.looks > 0));
    const handedOver = performance.now() - told;
    await exit;
    const ended = performance.now() - told;
    console.log(`      looked at by another worker after ${seconds(handedOver)} s, ended after ${seconds(ended)} s`);

    assert.ok(
      handedOver < 8_000,
      'sooner than by the heartbeat timeout of 15 s, and than by the time of grace of 10 s',
    );
    assert.ok(ended < 8_000, 'nothing that hangs keeps it');
    assert.ok(lines.includes('ended'));
    const [history] = await historiesOf(server.client, 'drained');
    const looks = (history?.events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'watchJob',
    );
    assert.equal(looks.length, 1, 'the same watch goes on');
    assert.deepEqual(azure.callsOf('collectEvidence'), [], 'no verdict');
    assert.equal(azure.jobs.get('drained-p1-a001')?.status, 'Running');
    await run.terminate();
  });

  async function startWorker(taskQueue: string): Promise<void> {
    const connection = server.nativeConnection;
    const activities = dispatch(() => azure);
    const workflows = taskQueue === CONTROL_TASK_QUEUE ? { workflowBundle: await currentBundle() } : {};
    const worker = await Worker.create({ connection, taskQueue, activities, ...workflows });
    running.push({ worker, ended: worker.run() });
  }

  function startHangingWorker(): { lines: string[]; exit: Promise<unknown> } {
    const script = bertha('build', 'test', 'temporal', 'fixtures', 'hanging-worker.js');
    const env = { ...process.env, TEMPORAL_ADDRESS: server.address, TEMPORAL_CONFIG_FILE: '/no/such/temporal.toml' };
    child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    return { lines, exit: once(child, 'exit') };
  }
});

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);
