import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { statusQuery } from '../../workflows/messages.js';
import { config, configWith } from '../domain/samples.js';
import { historiesOf } from '../workflows/executions.js';
import { FakeAzure, type Script } from '../workflows/fake/azure.js';
import { swiftly } from '../workflows/steering.js';
import { type RunHandle, useServer } from '../workflows/suite.js';
import { eventually } from '../workflows/waiting.js';
import { NO_BUDGET, PHASE_2, after, endings } from './story.js';

const taken: Script = { ending: 'preempted', looks: 3 };
const onePhase = { watch: { ...swiftly.watch, pollSeconds: 4 }, phases: config().phases.slice(0, 1) };

describe('bugs: a worker that forgets', function () {
  this.timeout(60_000);
  /** Keeps no workflow in memory: each of its workflow tasks is done as by a worker that was started for it. */
  const suite = useServer('time-skipping', { maxCachedWorkflows: 0 });

  it('B2 a job that completed while no worker ran for six hours is taken as completed, and not run again', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }, PHASE_2]);
    // The server skips no time while work that is due finds no worker: the next look is due after the outage.
    const watch = { pollSeconds: 7 * 3600, segmentHours: 24, heartbeatSeconds: 10, metricsSeconds: 60 };
    const run = await suite.start(azure, { over: { watch, recovery: NO_BUDGET } });
    await eventually('only later looks are pending', () => waitsForLooks(run));
    await suite.stopWorkers();
    const job = [...azure.jobs.values()][0] ?? assert.fail('no job');
    azure.save(job, 360);
    job.status = 'Completed';
    await suite.env.sleep('6 hours');
    await suite.startWorkers();
    const report = await run.result();
    assert.deepEqual([report.outcome, report.seconds.wall > 6 * 3600], ['completed', true]);
    assert.deepEqual([endings(azure), azure.jobs.size, azure.callsOf('endJob')], [['completed'], 2, []]);
  });

  it('B8 a run whose worker begins anew at each of a hundred workflow tasks, and loses the first answer of each call, submits one job per attempt', async () => {
    const azure = after(...[0, 40, 80, 120, 160, 200, 240, 280, 320].map((step) => ({ ...taken, saves: [step] })));
    const answered = new Set<string>();
    azure.onAnswer = (_call, activity) => {
      const first = `${activity} after job ${azure.jobs.size}`;
      if (answered.has(first)) return;
      answered.add(first);
      throw ApplicationFailure.retryable('the worker died with the answer', 'WorkerDied');
    };
    const run = await suite.start(azure, { over: { recovery: NO_BUDGET } });
    assert.equal((await run.result()).outcome, 'completed');
    const histories = await historiesOf(suite.env.client, run.workflowId);
    const tasks = histories
      .flatMap(({ events }) => events ?? [])
      .filter((event) => event.workflowTaskCompletedEventAttributes);
    console.log(`      ${tasks.length} workflow tasks, ${answered.size} answers lost`);
    assert.ok(tasks.length >= 100, `${tasks.length} workflow tasks`);
    assert.deepEqual(endings(azure), [...Array.from({ length: 9 }, () => 'preempted'), 'completed']);
    assert.deepEqual([azure.jobs.size, azure.mostAlive, azure.callsOf('endJob')], [11, 1, []]);
  });
});

describe('bugs: a worker that is replaced', function () {
  this.timeout(180_000);
  const suite = useServer('dev');

  it('B10 two hundred runs outlive a restart: each goes on with its job, and none submits another', async () => {
    const begin = performance.now();
    const runs: { azure: FakeAzure; run: RunHandle }[] = [];
    const watched = (above: readonly number[]) =>
      eventually(
        'each is looked at',
        () => Promise.resolve(runs.every(({ azure }, index) => azure.looks > (above[index] ?? 0))),
        60,
      );
    // In waves: all at once would only try the server.
    for (let wave = 0; wave < 8; wave++) {
      const started = Array.from({ length: 25 }, async (_, index) => {
        const azure = new FakeAzure([{ ending: 'runs-on' }]);
        return { azure, run: await suite.takeOver(azure, midway(`crowd-${wave * 25 + index}`)) };
      });
      runs.push(...(await Promise.all(started)));
      await watched([]);
    }
    await suite.stopWorkers();
    const before = runs.map(({ azure }) => azure.looks);
    await suite.startWorkers();
    await watched(before);
    const told = await Promise.all(runs.map(({ run }) => run.query(statusQuery)));
    console.log(`      ${runs.length} runs, ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    for (const [index, { azure, run }] of runs.entries()) {
      assert.deepEqual([told[index]?.jobName, told[index]?.outcome], [`${run.workflowId}-p1-a001`, null]);
      assert.deepEqual([azure.jobs.size, azure.callsOf('endJob')], [1, []]);
    }
  });
});
const midway = (name: string) => ({ config: configWith({ ...onePhase, name }) });

/** Whether all that is left to do is due later: two activities between two tries, and no workflow task. */
async function waitsForLooks(run: RunHandle): Promise<boolean> {
  const { pendingActivities, pendingWorkflowTask } = (await run.describe()).raw;
  const names = (pendingActivities ?? []).map(({ activityType, attempt }) => `${activityType?.name} ${attempt}`);
  return !pendingWorkflowTask && names.sort().join() === 'verifyCheckpoints 2,watchJob 2';
}
