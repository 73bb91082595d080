import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import type { PreparedData } from '../../activities/preparation/prepare.js';
import type { BlobContainer, BlobInfo } from '../../azure/blob.js';
import type { DatasetManifest } from '../../corpus/manifest.js';
import { datasetFolder } from '../../domain/paths.js';
import { smallDump } from '../e2e/small-config.js';
import { azure, config, dataActivities, deps, dumpFile, place, store } from './support/deps.js';
import { failure, observe, run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe('activities: bringing the data in place', function () {
  this.timeout(30_000);
  let prepared: PreparedData;
  let source: BlobContainer;
  let target: BlobContainer;
  const data = config('data').data;
  const prepare = (changes: object = {}) =>
    run(dataActivities.prepareData, { place: place('data'), data: { ...data, ...changes } });
  const copy = (changes: object = {}) =>
    run(dataActivities.copyData, { place: place('data'), data, folder: prepared.folder, ...changes });
  const all = (container: BlobContainer) => container.list(`${prepared.folder}/`);
  const copyFolder = () => datasetFolder('tiny', prepared.contentId);
  const allCopied = () => target.list(`${copyFolder()}/`);
  const arrived = () => shard().replace(prepared.folder, copyFolder());
  const shard = () => `${prepared.folder}/seq-0016/train/shard-00000.safetensors`;

  before(async () => {
    await sharedStack();
    mkdirSync(deps.scratch, { recursive: true });
    writeFileSync(dumpFile, smallDump());
    source = azure().container(data.source.account ?? '', data.source.container ?? '');
    target = await store();
  });

  describe('preparing', () => {
    it('makes shards from the dump in the source container and tells how far it is', async () => {
      const { result, heartbeats } = await observe(dataActivities.prepareData, { place: place('data'), data });
      prepared = result;
      assert.equal(prepared.reused, false);
      assert.match(
        prepared.summary,
        /^60 of 60 pages, [\d,]+ samples of 16 tokens, [\d,]+ samples of 32 tokens, vocabulary \d+$/,
      );
      assert.ok(heartbeats.length > 2);
      const manifest = (await source.json(`${prepared.folder}/manifest.json`)) as DatasetManifest;
      assert.equal(manifest.contentId, prepared.contentId);
    });

    it('uploads the manifest last, so that a folder with a manifest is whole', async () => {
      const blobs = await all(source);
      const manifest = blobs.find((blob) => blob.path.endsWith('/manifest.json'));
      assert.ok(blobs.length >= 6);
      assert.ok(blobs.every((blob) => blob.modified <= (manifest?.modified ?? 0)));
    });

    it('finds what equal inputs gave before, and writes nothing', async () => {
      const before = await source.list('');
      assert.deepEqual(await prepare(), { ...prepared, reused: true });
      assert.deepEqual(await source.list(''), before);
    });

    it('prepares again, to the same bytes, where somebody deleted the dataset', async () => {
      const before = await source.sha256(shard());
      for (const blob of await all(source)) await source.remove(blob.path);
      assert.deepEqual(await prepare(), prepared);
      assert.deepEqual(await source.sha256(shard()), before);
    });

    it('makes another dataset from other options', async () => {
      const other = await prepare({ prepare: { ...data.prepare, options: { ...data.prepare?.options, seed: 43 } } });
      assert.equal(other.reused, false);
      assert.notEqual(other.folder, prepared.folder);
    });

    it('leaves nothing in the scratch folder', () => {
      assert.deepEqual(readdirSync(deps.scratch), []);
    });

    it('says of a dump that is not there its path, once and for all', async () => {
      const { type, nonRetryable, message } = await failure(
        prepare({ prepare: { ...data.prepare, dump: 'nowhere.xml' } }),
      );
      assert.deepEqual({ type, nonRetryable }, { type: 'NoDump', nonRetryable: true });
      assert.match(message, /^the dump \/.*\/nowhere\.xml cannot be read on this worker; check data\.prepare\.dump$/);
    });
  });

  describe('copying', () => {
    it('brings every file into the container of the run, byte for byte', async () => {
      const copied = await copy();
      assert.deepEqual(
        { ...copied, bytes: 0 },
        {
          ...{ folder: copyFolder(), contentId: prepared.contentId, blobs: 5, copied: 5, bytes: 0 },
          blocks: { sent: 5, there: 0, repeated: 0 },
        },
      );
      const there = await allCopied();
      const files = (await all(source)).filter(({ path }) => !path.endsWith('/quality.md'));
      assert.deepEqual(there.map(nameAndBytes), files.map(nameAndBytes));
      for (const { path } of there) {
        const from = path.replace(copyFolder(), prepared.folder);
        assert.deepEqual(await target.sha256(path), await source.sha256(from), path);
      }
    });

    it('copies nothing the second time', async () => {
      const before = await allCopied();
      assert.equal((await copy()).copied, 0);
      assert.deepEqual(await allCopied(), before);
    });

    it('copies again a shard of the right size whose bytes are wrong, and no other', async () => {
      const { bytes, sha256 } = await source.sha256(shard());
      await target.write(arrived(), Buffer.alloc(bytes));
      assert.equal((await copy()).copied, 1);
      assert.equal((await target.sha256(arrived())).sha256, sha256);
    });

    it('copies again a shard that was cut short or lost', async () => {
      await target.write(arrived(), 'short');
      assert.equal((await copy()).copied, 1);
      await target.remove(arrived());
      assert.equal((await copy()).copied, 1);
      assert.deepEqual(await target.sha256(arrived()), await source.sha256(shard()));
    });

    it('refuses for good a shard that is damaged at its source: copying it again would never end', async () => {
      const good = await bytesOf(source, shard());
      const bad = Buffer.from(good);
      bad.writeUInt8(bad.readUInt8(100) ^ 1, 100);
      await source.write(shard(), bad);
      await target.remove(arrived());
      const { type, nonRetryable, message } = await failure(copy());
      await source.write(shard(), good);
      assert.deepEqual({ type, nonRetryable }, { type: 'DamagedShard', nonRetryable: true });
      assert.match(
        message,
        /^shard seq-0016\/train\/shard-00000\.safetensors is damaged in bertha-source\/data\/\S+: .*; prepare the dataset again$/,
      );
      assert.equal((await copy()).copied, 1);
    });

    it('says of a folder without a manifest where it looked and what to check, once and for all', async () => {
      const { type, nonRetryable, message } = await failure(copy({ folder: 'data/elsewhere' }));
      assert.deepEqual({ type, nonRetryable }, { type: 'NoDataset', nonRetryable: true });
      assert.equal(
        message,
        'bertha-source/data/elsewhere holds no dataset manifest of ours; is data.source.prefix right?',
      );
    });
  });

  const nameAndBytes = ({ path, bytes }: BlobInfo) => ({ path: path.split('/').slice(3).join('/'), bytes });

  async function bytesOf(container: BlobContainer, path: string): Promise<Buffer> {
    const file = `${dumpFile}.shard`;
    await container.download(path, file);
    const content = await readFile(file);
    await rm(file);
    return content;
  }
});
