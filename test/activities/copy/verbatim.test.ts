import assert from 'node:assert/strict';
import { VerbatimManifestSchema } from '../../../domain/copy/verbatim.js';
import { crc64, crc64Text } from '../../../domain/copy/crc64.js';
import { activities, config, dataActivities, place } from '../support/deps.js';
import { failure, run } from '../support/run.js';
import { BLOCK, datasetFiles, differences, randomBytes } from './support/dataset.js';
import { newCase } from './support/copying.js';

describe('activities: a source without a manifest of ours', function () {
  this.timeout(30_000);
  const files = new Map([
    ['part-00.bin', randomBytes(3 * BLOCK, 1)],
    ['deep/part-01.bin', randomBytes(100, 2)],
    ['empty.bin', Buffer.alloc(0)],
  ]);

  it('is copied byte for byte, with a manifest of bytes and hashes', async () => {
    const one = await newCase('verbatim', files);
    const { folder, ...counts } = await run(dataActivities.copyVerbatim, one.request());
    assert.deepEqual({ ...counts, blocks: 0 }, { blobs: 3, bytes: 3 * BLOCK + 100, copied: 3, blocks: 0 });
    const manifest = VerbatimManifestSchema.parse(await one.target.json(`${folder}/verbatim.json`));
    assert.deepEqual(await differences(one.target, folder, files), ['verbatim.json']);
    for (const blob of manifest.blobs) {
      const bytes = files.get(blob.path) ?? Buffer.alloc(1);
      assert.deepEqual([blob.bytes, blob.crc64], [bytes.length, crc64Text(crc64(bytes))], blob.path);
    }
    assert.doesNotMatch(JSON.stringify(manifest), /sig=/);
  });

  it('is copied once: the same again brings nothing over, and another state of it goes elsewhere', async () => {
    const one = await newCase('verbatim-again', files);
    const first = await run(dataActivities.copyVerbatim, one.request());
    const again = await run(dataActivities.copyVerbatim, one.request());
    assert.deepEqual([again.folder, again.copied], [first.folder, 0]);
    await one.source.write(`${one.folder}/part-00.bin`, randomBytes(3 * BLOCK, 7));
    const other = await run(dataActivities.copyVerbatim, one.request());
    assert.notEqual(other.folder, first.folder);
    assert.deepEqual(await differences(one.target, first.folder, files), ['verbatim.json'], 'the first stays as it is');
  });

  it('is never trained on: the copy of a run is refused for good, with what to type', async () => {
    const one = await newCase('verbatim-run', files);
    const { type, nonRetryable, message } = await failure(one.copy());
    assert.deepEqual({ type, nonRetryable }, { type: 'NoDataset', nonRetryable: true });
    assert.match(
      message,
      /^from-verbatim-run\/data\/tiny\/none holds 3 files \(0\.2 MB\) and no dataset manifest of ours: nothing trains on them as they are; turn them into shards first with `npx bertha data convert CONFIG`$/,
    );
  });

  it('is not taken for one whose manifest was damaged', async () => {
    const one = await newCase(
      'verbatim-damaged',
      new Map([['manifest.json', Buffer.from('{"format":"bertha-dataset/9","contentId":"none"}')]]),
    );
    const { nonRetryable, message } = await failure(one.copy());
    assert.equal(nonRetryable, true);
    assert.match(message, /none\/manifest\.json is not \(or no longer\) a dataset manifest that this version reads/);
  });

  it('is told at the start of a run, before anything costs money', async () => {
    const one = await newCase('verbatim-start', files);
    const small = config('start');
    const { data } = one.request();
    const source = { ...data.source, prefix: one.folder };
    const chosen = { ...small, data: { name: data.name, source } };
    const request = { place: place('start'), config: chosen };
    const { message } = await failure(run(activities.preflight, request));
    assert.match(message, /from-verbatim-start\/data\/tiny\/none holds 3 files .* `npx bertha data convert CONFIG`/);
    const whole = await newCase('verbatim-whole', datasetFiles([BLOCK]));
    const right = {
      ...chosen,
      data: { ...chosen.data, source: { ...whole.request().data.source, prefix: whole.folder } },
    };
    await run(activities.preflight, { ...request, config: right });
  });
});

describe('activities: the plan of a copy', function () {
  this.timeout(30_000);

  it('says what is there and what is left, and writes nothing', async () => {
    const files = datasetFiles([4 * BLOCK, 2 * BLOCK]);
    const one = await newCase('plan', files);
    const vocabulary = files.get('vocab.txt')?.length ?? 0;
    const total = { folder: one.folder, blobs: 3, bytes: 6 * BLOCK + vocabulary };
    const before = await run(dataActivities.planCopy, one.request());
    assert.deepEqual(
      { ...before, contentId: '' },
      { ...total, contentId: '', there: { blobs: 0, bytes: 0 }, blocksLeft: 7 },
    );
    assert.deepEqual(await one.target.list(''), []);
    await one.copy();
    const after = await run(dataActivities.planCopy, one.request());
    assert.deepEqual({ ...after.there, left: after.blocksLeft }, { blobs: 3, bytes: total.bytes, left: 0 });
    await one.target.remove(`${one.folder}/seq-0016/train/shard-00001.safetensors`);
    const lacking = await run(dataActivities.planCopy, one.request());
    assert.deepEqual([lacking.there.blobs, lacking.blocksLeft], [2, 2]);
  });
});
