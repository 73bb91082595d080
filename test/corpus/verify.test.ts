import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, verifyDataset } from '../../corpus/prepare.js';
import { inFolder } from './fixture.js';
import { prepareIn } from './prepared.js';

describe('corpus: verifyDataset', function () {
  this.timeout(60_000);

  it('finds nothing wrong with a fresh dataset', () =>
    inFolder(async (folder) => {
      const { dir, manifest } = await prepareIn(folder);
      const shards = manifest.sets.flatMap(({ train, heldout }) => [...train.shards, ...heldout.shards]);
      const { bad, checkedFiles } = await verifyDataset(dir);
      assert.deepEqual(bad, []);
      assert.equal(checkedFiles, shards.length + 1);
      assert.deepEqual(await readManifest(dir), manifest);
    }));

  it('names every damaged, short and missing file', () =>
    inFolder(async (folder) => {
      const { dir, manifest } = await prepareIn(folder);
      const [first, second] = (manifest.sets[0]?.train.shards ?? []).map(({ file }) => file) as [string, string];
      const bytes = await readFile(join(dir, first));
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      await writeFile(join(dir, first), bytes);
      await truncate(join(dir, second), 100);
      await writeFile(join(dir, 'vocab.txt'), 'x');
      const { bad } = await verifyDataset(dir);
      assert.deepEqual(
        bad.map(({ file }) => file),
        ['vocab.txt', first, second],
      );
      assert.match(bad[1]?.problem ?? '', /other content/);
      assert.match(bad[2]?.problem ?? '', /100 bytes instead of \d+/);
    }));

  it('refuses a manifest that was changed, one that is no manifest and an empty folder', () =>
    inFolder(async (folder) => {
      const { dir, manifest } = await prepareIn(folder);
      const file = join(dir, 'manifest.json');
      await writeFile(file, JSON.stringify({ ...manifest, pages: { ...manifest.pages, out: 1 } }));
      await assert.rejects(verifyDataset(dir), /was changed after it was written/);
      await writeFile(file, JSON.stringify({ ...manifest, extra: 1 }));
      await assert.rejects(verifyDataset(dir), /is not a dataset manifest/);
      await assert.rejects(verifyDataset(folder), /There is no dataset in/);
    }));
});
