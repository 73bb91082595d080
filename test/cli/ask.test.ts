import assert from 'node:assert/strict';
import { Worker } from '@temporalio/worker';
import { CONTROL_TASK_QUEUE } from '../../domain/task-queues.js';
import { RefusedError, UnansweredError, askRun, queryRun } from '../../temporal/ask.js';
import { FakeAzure } from '../workflows/fake/azure.js';
import { dispatch } from '../workflows/fake/index.js';
import { currentBundle, quiet } from '../workflows/suite.js';
import { startServer } from '../workflows/server.js';
import { configWith } from '../domain/samples.js';

describe('temporal: asking a run', function () {
  this.timeout(60_000);
  let env: Awaited<ReturnType<typeof startServer>>;
  let stopWorker = () => Promise.resolve();
  const azure = new FakeAzure([{ ending: 'runs-on' }]);

  before(async () => {
    quiet();
    env = await startServer('dev');
    const args: [object] = [{ config: configWith({ name: 'asked' }) }];
    await env.client.workflow.start('runWorkflow', { workflowId: 'asked', taskQueue: CONTROL_TASK_QUEUE, args });
  });

  after(async () => {
    await stopWorker();
    await env.teardown();
  });

  const ask = (name: string, id: string, patienceMs = 10_000) =>
    askRun(env.client, env.client.workflow.getHandle('asked'), { name, wish: { by: 'ada' }, id, patienceMs });

  it('says that nobody answered, where no worker runs', async () => {
    await assert.rejects(ask('pause', 'first', 500), (error) => {
      assert.ok(error instanceof UnansweredError);
      assert.equal(error.message, 'no worker answered within 0.5 s');
      return true;
    });
    assert.equal(await queryRun(env.client, env.client.workflow.getHandle('asked'), 'plan', 500), null);
  });

  it('carries a command out once, however often it is said, also one that nobody seemed to hear', async () => {
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: CONTROL_TASK_QUEUE,
      workflowBundle: await currentBundle(),
      activities: dispatch(() => azure),
    });
    const running = worker.run();
    stopWorker = async () => {
      worker.shutdown();
      await running;
    };
    const answers = [await ask('pause', 'first'), await ask('pause', 'first')];
    assert.deepEqual(answers, Array(2).fill('the job saves and ends; nothing is paid until bertha resume'));
    await ask('resume', 'second');
    await ask('pause', 'first');
    const plan = await queryRun<{ paused: unknown }>(env.client, env.client.workflow.getHandle('asked'), 'plan');
    assert.equal(plan?.paused, null, 'the first pause is not said again behind the resume');
  });

  it("hands on the run's own words where it refuses", async () => {
    await assert.rejects(ask('skipWindow', 'third'), (error) => {
      assert.ok(error instanceof RefusedError);
      assert.match(error.message, /^there is no phase ; choose from p1, p2$/);
      return true;
    });
  });
});
