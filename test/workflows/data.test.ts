import assert from 'node:assert/strict';
import { CONTROL_TASK_QUEUE } from '../../domain/task-queues.js';
import { DataWork } from '../../temporal/data.js';
import type { PreparationInput } from '../../workflows/data/prepare.js';
import { configWith } from '../domain/samples.js';
import { FakeAzure } from './fake/index.js';
import { pieces, prepared } from './fake/preparation.js';
import { useServer } from './suite.js';

const dump = { dump: 'dump.xml', options: {} };
const data = { name: 'enwiki', source: { account: 'sourcestore', container: 'datasets' }, prepare: dump };
const trains = { ending: 'completed', saves: [360] } as const;
const trainsAgain = { ending: 'completed', saves: [120] } as const;

describe('workflows: a preparation', function () {
  this.timeout(30_000);
  const suite = useServer();

  it('is done piece by piece in a workflow of its own, before the data is copied', async () => {
    const azure = new FakeAzure([trains, trainsAgain]);
    const run = await suite.start(azure, { over: { data } });
    const { outcome } = await run.result();
    assert.equal(outcome, 'completed');
    const calls = azure.calls.filter((call) => /^(planPreparation|prepareTask|prepareData|copyData)/.test(call));
    // Text, tokens and two sets of pairs by piece; vocabulary, pool, layout and finish once; three groups of shards.
    const tasks = 4 * pieces + 4 + 3;
    assert.deepEqual(calls, ['planPreparation', ...Array<string>(tasks).fill('prepareTask'), 'copyData']);
    const child = suite.env.client.workflow.getHandle(`${run.workflowId}/data`);
    assert.deepEqual(await child.result(), prepared);
  });

  it('is ended where somebody asks for it, without a run, and tells what was under way', async () => {
    const azure = new FakeAzure([]);
    const id = 'data-enwiki-prepare';
    const { azure: workspace, storage } = configWith({ name: id });
    const place = { run: id, azure: workspace, storage };
    suite.know(id, azure);
    let [begun, letGo] = [() => {}, () => {}];
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    azure.onCall = async (activity) => {
      if (activity !== 'prepareTask') return;
      begun();
      await isLetGo;
    };
    const { client } = suite.env;
    assert.deepEqual(await DataWork.cancelAll(client, 'enwiki'), []);
    const work = await DataWork.begin(client, { action: 'prepare', request: { place, data } });
    await hasBegun;
    assert.deepEqual(await DataWork.cancelAll(client, 'enwiki'), ['prepare']);
    await assert.rejects(work.result(), /cancel/i);
    assert.deepEqual(await DataWork.cancelAll(client, 'enwiki'), []);
    letGo();
  });

  it('goes on as new with the task that comes next when its history has grown', async () => {
    const azure = new FakeAzure([]);
    const { name, azure: workspace, storage } = configWith({ name: 'many-pieces' });
    const place = { run: name, azure: workspace, storage };
    const outline = { inputs: 'abcd', pieces: 1500, sets: 1, bytes: 1, prepared: null };
    const state = { outline, startedAt: 0, stage: 'tokens', stageStartedAt: 0, next: 0, groups: 0 } as const;
    suite.know(name, azure);
    const input: PreparationInput = { request: { place, data }, state };
    const run = await suite.env.client.workflow.start('prepareWorkflow', {
      ...{ workflowId: name, taskQueue: CONTROL_TASK_QUEUE, args: [input] },
    });
    assert.deepEqual(await run.result(), prepared);
    assert.equal(azure.calls.length, 1500 + 1 + 1500 + 1 + 3 + 1);
    const first = await suite.env.client.workflow.getHandle(name, run.firstExecutionRunId).fetchHistory();
    const events = first.events ?? [];
    assert.ok(events.length < 10_000, `${events.length} events`);
    assert.ok(events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes);
  });
});
