import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
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
});
