import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { statusQuery, wakeUpSignal } from '../../workflows/messages.js';
import { config, configWith } from '../domain/samples.js';
import { historiesOf } from '../workflows/executions.js';
import { FakeAzure, type Script } from '../workflows/fake/azure.js';
import { swiftly } from '../workflows/steering.js';
import type { RunState } from '../../workflows/run-state.js';
import { type RunHandle, useServer } from '../workflows/suite.js';
import { eventually } from '../workflows/waiting.js';
import { NO_BUDGET, after, endings } from './story.js';

const taken: Script = { ending: 'preempted', looks: 3 };
const onePhase = { watch: { ...swiftly.watch, pollSeconds: 4 }, phases: config().phases.slice(0, 1) };

describe('bugs: a worker that forgets', function () {
  this.timeout(60_000);
  /** Keeps no workflow in memory: each of its workflow tasks is done as by a worker that was started for it. */
  const suite = useServer('time-skipping', { maxCachedWorkflows: 0 });

  it('B8 a run whose worker begins anew at each of its fifty workflow tasks, and loses the first answer of each call, submits one job per attempt', async () => {
    const azure = after(...[0, 40, 80].map((step) => ({ ...taken, saves: [step] })));
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
    assert.ok(tasks.length >= 50, `${tasks.length} workflow tasks`);
    assert.deepEqual(endings(azure), [...Array.from({ length: 3 }, () => 'preempted'), 'completed']);
    assert.deepEqual([azure.jobs.size, azure.mostAlive, azure.callsOf('endJob')], [5, 1, []]);
  });
});

describe('bugs: a worker that is replaced', function () {
  this.timeout(180_000);
  const suite = useServer('dev');

  /** A run that submits its job first of all. */
  async function submitting(name: string): Promise<{ azure: FakeAzure; run: RunHandle }> {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const input = { ...midway(name, 60), state: PREPARED };
    const starting = suite.takeOver(azure, input);
    azure.onCall = async () =>
      void (azure.chains.length > 0 || azure.chains.push((await starting).firstExecutionRunId));
    return { azure, run: await starting };
  }

  it('B2 a job that completed while no worker ran is taken as completed, and not run again', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.takeOver(azure, midway('asleep'));
    await eventually('the job is watched', () => Promise.resolve(azure.looks > 0));
    await suite.stopWorkers();
    const job = [...azure.jobs.values()][0] ?? assert.fail('no job');
    azure.save(job, 360);
    job.status = 'Completed';
    await suite.startWorkers();
    assert.equal((await run.result()).outcome, 'completed');
    assert.deepEqual([endings(azure), azure.jobs.size, azure.callsOf('endJob')], [['completed'], 1, []]);
  });

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
      const started = Array.from({ length: 25 }, (_, index) => submitting(`crowd-${wave * 25 + index}`));
      runs.push(...(await Promise.all(started)));
      await watched([]);
    }
    await suite.stopWorkers();
    const before = runs.map(({ azure }) => azure.looks);
    await suite.startWorkers();
    // What wakes a run up has it replayed, and look at once.
    await Promise.all(runs.map(({ run }) => run.signal(wakeUpSignal)));
    await watched(before);
    const told = await Promise.all(runs.map(({ run }) => run.query(statusQuery)));
    console.log(`      ${runs.length} runs, ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    for (const [index, { azure, run }] of runs.entries()) {
      assert.deepEqual([told[index]?.jobName, told[index]?.outcome], [`${run.workflowId}-p1-a001`, null]);
      assert.deepEqual([azure.jobs.size, azure.callsOf('endJob')], [1, []]);
    }
  });
});
/** What a run knows that has data and infrastructure, and no job yet; the rest is as at its begin. */
const PREPARED = {
  ...{ claimed: true, stage: 'phase:p1', stagesDone: ['preflight', 'data', 'infrastructure'], sequence: 1 },
  ...{ codeId: 'codes/1', environmentId: 'environments/1' },
} as Partial<RunState> as RunState;

const midway = (name: string, pollSeconds = 4) => ({
  config: configWith({ ...onePhase, watch: { ...onePhase.watch, pollSeconds }, name }),
});
