import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from '../../domain/task-queues.js';
import { config } from '../domain/samples.js';
import { FakeAzure, dispatch } from '../workflows/fake/index.js';
import { program, startServer } from '../workflows/server.js';
import { currentBundle, quiet } from '../workflows/suite.js';
import { eventually } from '../workflows/waiting.js';

/** The commands of docs/operate.md, word for word but for the server's address. */
describe('temporal: runs without bertha, by the plain temporal CLI', function () {
  this.timeout(60_000);
  const azure = new FakeAzure([
    { ending: 'completed', saves: [360] },
    { ending: 'completed', saves: [120] },
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'bertha-schedule-'));
  const input = join(folder, 'run.json');
  let server: TestWorkflowEnvironment;
  let workers: Worker[] = [];
  let running: Promise<unknown> = Promise.resolve();

  before(async () => {
    quiet();
    server = await startServer('dev');
    const shared = { connection: server.nativeConnection, activities: dispatch(() => azure) };
    workers = [
      await Worker.create({ ...shared, taskQueue: CONTROL_TASK_QUEUE, workflowBundle: await currentBundle() }),
      await Worker.create({ ...shared, taskQueue: DATA_TASK_QUEUE }),
    ];
    running = Promise.all(workers.map((worker) => worker.run()));
    const watch = { ...config().watch, pollSeconds: 0.1 };
    writeFileSync(input, JSON.stringify({ config: { ...config(), name: 'nightly', watch }, searchAttributes: true }));
  });

  after(async () => {
    for (const worker of workers) worker.shutdown();
    await running;
    await server.teardown();
    rmSync(folder, { recursive: true });
  });

  it('a Schedule starts a run, whose id Azure would refuse; its jobs have legal names and carry the whole id in their tags', async () => {
    await temporal(
      ...['schedule', 'create', '--schedule-id', 'nightly', '--cron', '0 2 * * *', '--overlap-policy', 'Skip'],
      ...['--workflow-id', 'nightly', '--type', 'runWorkflow', '--task-queue', 'bertha', '--input-file', input],
    );
    await temporal('schedule', 'trigger', '--schedule-id', 'nightly');
    const ended = await eventually('the scheduled run has ended', async () => {
      const query = `WorkflowType = 'runWorkflow' AND BerthaState = 'completed'`;
      for await (const { workflowId } of server.client.workflow.list({ query })) return workflowId;
      return null;
    });
    assert.match(ended, /^nightly-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const jobs = [...azure.jobs.values()];
    assert.deepEqual(
      jobs.map(({ name }) => name.replace(/\d/g, '0').replace(/x[0-9a-f]{16}/, 'x')),
      ['nightly-0000-00-00t00-00-00z-x-p0-a000', 'nightly-0000-00-00t00-00-00z-x-p0-a000'],
    );
    for (const { name } of jobs) assert.match(name, /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/);
    assert.deepEqual([...new Set(jobs.map(({ request }) => request.place.run))], [ended]);
    const metadata = await temporal('workflow', 'metadata', '--workflow-id', ended);
    assert.match(metadata, /\*\*completed\*\*: all 2 phases reached their last step/);
  });

  /** Not synchronous: the workers of this process have to answer it. */
  async function temporal(...words: string[]): Promise<string> {
    return (await promisify(execFile)(program('dev'), [...words, '--address', server.address])).stdout;
  }
});
