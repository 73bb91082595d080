import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import type { RunConfig } from '../../domain/config.js';
import { CONTROL_TASK_QUEUE } from '../../domain/task-queues.js';
import type { DataInput } from '../../workflows/data/data.js';
import { config, configWith } from '../domain/samples.js';
import { FakeAzure } from './fake/azure.js';
import { failureOf } from './failure.js';
import { useServer } from './suite.js';

const done = [{ ending: 'completed', saves: [360] } as const, { ending: 'completed', saves: [120] } as const];
const source = { account: 'sourcestore', container: 'datasets' };
const convert = {
  source: { account: 'theirs', container: 'bert' },
  ...{ train: '512/wiki_pretrain', heldOut: 'validation_512_only', vocabulary: 'vocab.txt' },
  ...{ sequenceLength: 512, samplesPerShard: 10_000, maskProbability: 0.15, seed: 42 },
};
const over = { data: { name: 'old', source, convert } };

describe("workflows: a run that converts the old recipe's shards", function () {
  this.timeout(30_000);
  const suite = useServer();

  it('plans, converts every file as an activity of its own, assembles, and copies what came of it', async () => {
    const azure = new FakeAzure(done);
    azure.filesToConvert = 150;
    const run = await suite.start(azure, { over });
    assert.equal((await run.result()).outcome, 'completed');
    assert.equal(azure.callsOf('convertFile').length, 150);
    const order = ['planConversion', 'assembleConverted', 'copyData'].map((name) => azure.calls.indexOf(name));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.ok(azure.calls.lastIndexOf('convertFile') < azure.calls.indexOf('assembleConverted'));
    assert.deepEqual(azure.callsOf('prepareData'), []);
  });

  it('converts no further file behind one that cannot be converted, and fails with its sentence', async () => {
    const azure = new FakeAzure(done);
    azure.filesToConvert = 1000;
    const sentence = 'part_7.bin is refused: at byte 0 it names os.system';
    azure.onCall = (activity) => {
      if (activity === 'convertFile') throw ApplicationFailure.nonRetryable(sentence, 'CorpusError');
    };
    const run = await suite.start(azure, { over });
    assert.match((await failureOf(run)).message, /part_7\.bin is refused: at byte 0 it names os\.system/);
    assert.ok(azure.callsOf('convertFile').length <= 64, `${azure.callsOf('convertFile').length}`);
    assert.deepEqual([azure.callsOf('assembleConverted'), azure.callsOf('submitJob')], [[], []]);
  });

  it('is done without a run where it is asked for alone, and told what the config lacks where it is none for it', async () => {
    const azure = new FakeAzure([]);
    azure.filesToConvert = 3;
    const ask = async (name: string, data: RunConfig['data']) => {
      suite.know(name, azure);
      const { azure: workspace, storage } = configWith({ name });
      const request = { place: { run: name, azure: workspace, storage }, data };
      const args: [DataInput] = [{ action: 'convert', request }];
      return suite.env.client.workflow.start('dataWorkflow', { workflowId: name, taskQueue: CONTROL_TASK_QUEUE, args });
    };
    const result = (await (await ask('convert-alone', over.data)).result()) as { action: string };
    assert.deepEqual([result.action, azure.callsOf('convertFile').length], ['convert', 3]);
    const without = await ask('convert-nothing', config().data);
    assert.match((await failureOf(without)).message, /has no data\.convert, which names the \.bin files/);
  });
});
