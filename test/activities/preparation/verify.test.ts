import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobContainer } from '../../../azure/blob.js';
import { smallDump } from '../../e2e/small-config.js';
import { dataActivities, store } from '../support/deps.js';
import { failure, run } from '../support/run.js';
import { prepareAll, requestOf, sourceStore, writeBeside } from './support/preparing.js';

const train = 'seq-0016/train/shard-00000.safetensors';
const heldOut = 'seq-0016/heldout/shard-00000.safetensors';

describe('activities: a dataset that is verified', function () {
  this.timeout(30_000);
  let source: BlobContainer;
  let target: BlobContainer;
  let request: ReturnType<typeof requestOf> & { folder: string };
  let copied: string;

  before(async () => {
    [source, target] = [await sourceStore(), await store()];
    const what = requestOf('verified', { dump: writeBeside('verified.xml', smallDump()) });
    request = { ...what, folder: (await prepareAll(what)).folder };
  });
  const verify = () => run(dataActivities.verifyData, request);
  const flip = async (container: BlobContainer, path: string): Promise<number> => {
    const content = (await container.bytes(path)) ?? Buffer.alloc(0);
    content.writeUInt8(content.readUInt8(200) ^ 1, 200);
    await container.write(path, content);
    return content.length;
  };

  it('is sound as it was made, and says that no run has a copy of it yet', async () => {
    const { bad, files, copy } = await verify();
    assert.deepEqual([bad, files, copy], [[], 3, null]);
  });

  it('is read at both places: a shard that is damaged after it was copied is named where it is', async () => {
    copied = (await run(dataActivities.copyData, request)).folder;
    const sound = await verify();
    assert.deepEqual([sound.bad, sound.copy?.bad], [[], []]);
    assert.deepEqual([sound.copy?.files, sound.copy?.bytes], [sound.files, sound.bytes]);
    assert.equal(sound.copy?.where, `${target.name}/${copied}`);
    const bytes = await flip(target, `${copied}/${train}`);
    await target.remove(`${copied}/${heldOut}`);
    const { bad, copy } = await verify();
    assert.deepEqual(bad, []);
    assert.deepEqual(copy?.bad, [
      `${train} holds other bytes than its manifest says (${bytes} of them)`,
      `${heldOut} is missing`,
    ]);
  });

  it('is read at both places: the source’s damage is named too, every file of it', async () => {
    const bytes = await flip(source, `${request.folder}/${train}`);
    await source.remove(`${request.folder}/vocab.txt`);
    const cut = (await source.bytes(`${request.folder}/${heldOut}`)) ?? Buffer.alloc(0);
    await source.write(`${request.folder}/${heldOut}`, cut.subarray(0, 300));
    assert.deepEqual((await verify()).bad, [
      `${train} holds other bytes than its manifest says (${bytes} of them)`,
      `${heldOut} holds other bytes than its manifest says (300 instead of ${cut.length})`,
      'vocab.txt is missing',
    ]);
  });

  it('names a manifest that was changed, at either place, and asks for nothing again', async () => {
    const path = `${request.folder}/manifest.json`;
    const text = (await source.text(path)) ?? '';
    await source.write(path, text.replace(/"in": \d+/, '"in": 77'));
    const { bad, copy } = await verify();
    assert.match(bad[0] ?? '', /^manifest\.json was changed after it was written: it names content /);
    assert.equal(copy?.bad[0], 'manifest.json is not the one of the source');
    await source.write(path, '{');
    const failed = await failure(verify());
    assert.deepEqual([failed.type, failed.nonRetryable], ['NoDataset', true]);
  });

  it('may lie in a local folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bertha-verify-'));
    const absent = await failure(
      run(dataActivities.verifyData, { ...request, data: { name: 'verified', source: { folder } }, folder: '' }),
    );
    assert.match(absent.message, /holds no dataset manifest of ours/);
  });
});
