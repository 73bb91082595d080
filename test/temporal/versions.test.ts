import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from '../../domain/task-queues.js';
import { makeCurrent, pinnedTo } from '../../temporal/versioning.js';
import { config } from '../domain/samples.js';
import { historiesOf } from '../workflows/executions.js';
import { FakeAzure, dispatch } from '../workflows/fake/index.js';
import { startServer } from '../workflows/server.js';
import { currentBundle, quiet } from '../workflows/suite.js';
import { eventually } from '../workflows/waiting.js';

const deploymentName = 'bertha';
const never = new AbortController().signal;
/** Continues as new at every second look. */
const watch = { pollSeconds: 0.1, segmentHours: 0.01 / 3600, heartbeatSeconds: 10, metricsSeconds: 60 };

describe('temporal: worker versions', function () {
  this.timeout(60_000);
  const azure = new FakeAzure([{ ending: 'runs-on' }]);
  const workers: Worker[] = [];
  const running: Promise<void>[] = [];
  let server: TestWorkflowEnvironment;

  before(async () => {
    quiet();
    server = await startServer('dev');
  });

  after(async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
    await server.teardown();
  });

  it('a run stays on the version that it began on, and moves to the current one when it continues as new', async () => {
    await startVersion('A');
    await makeCurrent(server.nativeConnection, 'default', { deploymentName, buildId: 'A' }, never);
    const run = await server.client.workflow.start('runWorkflow', {
      workflowId: 'versioned',
      taskQueue: CONTROL_TASK_QUEUE,
      args: [{ config: { ...config(), name: 'versioned', watch } }],
    });
    await looksBeyond(0);
    await startVersion('B');
    await looksBeyond(4);
    const beforeB = await versionsByExecution();
    await makeCurrent(server.nativeConnection, 'default', { deploymentName, buildId: 'B' }, never);
    await eventually('an execution on B', async () => (await versionsByExecution()).at(-1)?.includes('B'));
    await run.cancel();
    await run.result().catch(() => undefined);
    const all = await versionsByExecution();
    console.log(`      versions by execution: ${all.map((ones) => ones.join('+')).join(' ')}`);
    assert.ok(beforeB.length > 1, 'it continued as new while A was current');
    assert.deepEqual(new Set(beforeB.flat()), new Set(['A']), 'B polls and is not current');
    assert.ok(
      all.every((ones) => ones.length === 1),
      'an execution is worked on by one version',
    );
    assert.deepEqual([...new Set(all.flat())], ['A', 'B']);
    assert.deepEqual([azure.callsOf('submitJob').length, azure.jobs.get('versioned-p1-a001')?.status], [1, 'Canceled']);
  });

  async function startVersion(buildId: string): Promise<void> {
    const shared = {
      connection: server.nativeConnection,
      activities: dispatch(() => azure),
      workerDeploymentOptions: pinnedTo({ deploymentName, buildId }),
    };
    const made = [
      await Worker.create({ ...shared, taskQueue: CONTROL_TASK_QUEUE, workflowBundle: await currentBundle() }),
      await Worker.create({ ...shared, taskQueue: DATA_TASK_QUEUE }),
    ];
    workers.push(...made);
    running.push(...made.map((worker) => worker.run()));
  }

  const looksBeyond = (looks: number) => eventually(`look ${looks + 1}`, () => Promise.resolve(azure.looks > looks));

  /** Build ids that completed workflow tasks, for each execution, the first one first. */
  async function versionsByExecution(): Promise<string[][]> {
    const histories = (await historiesOf(server.client, 'versioned')).reverse();
    return histories.map(({ events }) => {
      const completed = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: task }) => task ?? []);
      return [...new Set(completed.map((task) => task.deploymentVersion?.buildId ?? 'none'))];
    });
  }
});
