import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { BlobContainer } from '../../../azure/blob.js';
import { copyAll } from '../../../azure/copy/copy-all.js';
import { copyBlob } from '../../../azure/copy/copy-blob.js';
import { Pacer } from '../../../azure/copy/pacer.js';
import { DamagedSource } from '../../../azure/copy/source.js';
import type { Wanted } from '../../../azure/copy/wanted.js';
import { crc64, crc64Text } from '../../../domain/copy/crc64.js';
import { azure, config } from '../support/deps.js';
import { sharedStack } from '../support/stack.js';
import { BLOCK, randomBytes, sha256 } from './support/dataset.js';
import { blockHashes } from '../../../corpus/shards/block-hashes.js';
import { type Deed, type Proxy, startProxy } from './support/proxy.js';
import { hurriedClock, kitBetween } from './support/tools.js';

const [FROM, TO] = ['blobs-from', 'blobs-to'];

describe('activities: copying a blob', function () {
  this.timeout(30_000);
  const account = config('data').data.source.account ?? '';
  let source: BlobContainer;
  let target: BlobContainer;
  let proxy: Proxy;
  const wanted = (path: string, more: Partial<Wanted> = {}): Wanted => {
    return { from: path, to: path, known: null, blockBytes: BLOCK, ...more };
  };

  before(async () => {
    proxy = await startProxy('copy-blobs');
    source = azure().container(account, FROM);
    target = azure().container(account, TO);
    await Promise.all([source.ensure(), target.ensure()]);
  });
  afterEach(() => void (proxy.rule = () => 'pass'));
  after(() => proxy.close());

  it('starts anew with the new version where its source is replaced midway: two versions never meet', async () => {
    const [old, replaced] = [randomBytes(6 * BLOCK, 1), randomBytes(6 * BLOCK, 2)];
    await source.write('replaced', old);
    let replacedAt: number | null = null;
    proxy.rule = async ({ comp, turn }): Promise<Deed> => {
      if (comp === 'block' && replacedAt === null && turn >= 3) {
        replacedAt = turn;
        await source.write('replaced', replaced);
      }
      return 'pass';
    };
    const kit = kitBetween(FROM, TO, proxy.cloud);
    await copyBlob(wanted('replaced'), kit);
    assert.ok(replacedAt !== null && kit.news.some(({ kind }) => kind === 'restarted'));
    assert.ok(
      proxy.seen.some(({ comp, status }) => comp === 'block' && status === 412),
      'the service noticed',
    );
    assert.ok((await target.bytes('replaced'))?.equals(replaced));
  });

  it('gives up for now where the source changes all the time, and has put nothing together', async () => {
    let version = 0;
    await source.write('restless', randomBytes(2 * BLOCK, version));
    proxy.rule = async ({ comp }): Promise<Deed> => {
      if (comp === 'block') await source.write('restless', randomBytes(2 * BLOCK, ++version));
      return 'pass';
    };
    await assert.rejects(copyBlob(wanted('restless'), kitBetween(FROM, TO, proxy.cloud)), {
      name: 'AzureError',
      kind: 'transient',
      message: 'the source blob restless changed 4 times while it was copied; copying it again',
    });
    assert.equal(await target.info('restless'), null);
  });

  it('says which blob is not there', async () => {
    await assert.rejects(copyBlob(wanted('nothing'), kitBetween(FROM, TO)), {
      kind: 'not-found',
      message: /^the source blob nothing does not exist in https:.*\/blobs-from$/,
    });
  });

  it('clears blocks that somebody left with ids of another length, which the service would refuse ours beside', async () => {
    const bytes = randomBytes(3 * BLOCK);
    await source.write('leftover', bytes);
    const { places } = await sharedStack();
    const key = new StorageSharedKeyCredential(account, readFileSync(places.storageKey, 'utf8').trim());
    const endpoint = target.url('').replace(/\/blobs-to\/?$/, '');
    const blob = new BlobServiceClient(endpoint, key, azure().sasOptions)
      .getContainerClient(TO)
      .getBlockBlobClient('leftover');
    await blob.stageBlock(Buffer.from('block-1').toString('base64'), 'left', 4);
    await copyBlob(wanted('leftover'), kitBetween(FROM, TO));
    assert.ok((await target.bytes('leftover'))?.equals(bytes));
  });

  it('copies an empty blob, and names that are hard on URLs', async () => {
    const names = ['empty', 'a b/ü+%25#?.bin', 'dir/emoji-🦆', "quote'and&"];
    for (const [index, name] of names.entries()) await source.write(name, randomBytes(index, index + 1));
    await copyAll(
      names.map((name) => wanted(name)),
      kitBetween(FROM, TO),
    );
    for (const [index, name] of names.entries())
      assert.deepEqual(await target.bytes(name), randomBytes(index, index + 1), name);
  });

  it('knows what it copied by the metadata that whoever overwrites the blob overwrites too', async () => {
    const bytes = randomBytes(BLOCK);
    await source.write('known', bytes);
    assert.equal((await copyBlob(wanted('known'), kitBetween(FROM, TO))).fresh, true);
    assert.equal((await copyBlob(wanted('known'), kitBetween(FROM, TO))).fresh, false);
    await target.write('known', Buffer.alloc(bytes.length));
    assert.equal((await copyBlob(wanted('known'), kitBetween(FROM, TO))).fresh, true);
    await source.write('known', bytes);
    assert.equal((await copyBlob(wanted('known'), kitBetween(FROM, TO))).fresh, true, 'another version of the source');
    assert.ok((await target.bytes('known'))?.equals(bytes));
  });

  describe('whose blocks have known hashes', () => {
    const bytes = randomBytes(4 * BLOCK + 9, 5);
    const { md5 } = blockHashes(bytes, BLOCK);
    const known = { bytes: bytes.length, sha256: sha256(bytes), md5, blockBytes: BLOCK };

    for (const at of [0, 2 * BLOCK + 77, bytes.length - 1])
      it(`is refused where the bit at ${at} is wrong at the source, and nothing is put together`, async () => {
        const path = `damaged-${at}`;
        const bad = Buffer.from(bytes);
        bad.writeUInt8(bad.readUInt8(at) ^ 4, at);
        await source.write(path, bad);
        const failed = await copyBlob(wanted(path, { known }), kitBetween(FROM, TO)).catch((error: unknown) => error);
        assert.ok(failed instanceof DamagedSource);
        assert.match(failed.evidence, new RegExp(`^MD5 of the \\d+ bytes from ${at - (at % BLOCK)} on is`));
        assert.equal(await target.info(path), null);
      });

    it('is refused where bytes lack at the source', async () => {
      await source.write('short', bytes.subarray(1));
      await assert.rejects(
        copyBlob(wanted('short', { known }), kitBetween(FROM, TO)),
        /it has 262152 bytes, its manifest says 262153/,
      );
    });

    it('is copied again where the destination holds other bytes of the same length and calls them right by size alone', async () => {
      await source.write('right', bytes);
      await target.write('right', Buffer.alloc(bytes.length, 1));
      assert.equal((await copyBlob(wanted('right', { known }), kitBetween(FROM, TO))).fresh, true);
      assert.ok((await target.bytes('right'))?.equals(bytes));
    });
  });

  describe('whose hash nobody knows', () => {
    const bytes = randomBytes(5 * BLOCK + 3, 9);
    const right = crc64Text(crc64(bytes));

    it('gets that of the whole from what the service says of each block', async () => {
      await source.write('hashed', bytes);
      const copied = await copyBlob(wanted('hashed', { crc64: true }), kitBetween(FROM, TO));
      assert.equal(copied.crc64, right);
      const again = await copyBlob(wanted('hashed', { crc64: true }), kitBetween(FROM, TO));
      assert.deepEqual([again.crc64, again.fresh], [right, false]);
    });

    it('gets it too where blocks of an attempt before were found, and none of them is sent again', async () => {
      await source.write('resumed', bytes);
      let blocks = 0;
      proxy.rule = ({ comp }) => (comp === 'block' && ++blocks > 3 ? { status: 400, code: 'Trial' } : 'pass');
      // One after the other, so that three have been taken for sure.
      const inTurn = { ...kitBetween(FROM, TO, proxy.cloud), pacer: new Pacer(1, hurriedClock) };
      await assert.rejects(copyBlob(wanted('resumed', { crc64: true }), inTurn), /HTTP 400/);
      proxy.rule = () => 'pass';
      const kit = kitBetween(FROM, TO, proxy.cloud);
      assert.equal((await copyBlob(wanted('resumed', { crc64: true }), kit)).crc64, right);
      const [there, sent] = ['there', 'sent'].map((kind) => kit.news.filter((one) => one.kind === kind).length);
      assert.deepEqual([there, sent], [3, 3]);
    });
  });

  it('signs anew where its signatures have run out, as after a long sleep of this machine', async () => {
    await source.write('slept', randomBytes(2 * BLOCK));
    let behind = 40 * 60_000;
    const clock = { now: () => Date.now() - behind, chance: () => 0, wait: () => Promise.resolve() };
    proxy.rule = ({ comp, turn }) => {
      if (comp === 'block' && turn >= 2) behind = 0;
      return 'pass';
    };
    const before = proxy.seen.length;
    await copyBlob(wanted('slept'), kitBetween(FROM, TO, proxy.cloud, clock));
    const answers = proxy.seen.slice(before).filter(({ comp }) => comp === 'block');
    assert.ok(
      answers.some(({ status }) => status === 403),
      'old signatures were refused',
    );
    assert.ok(await target.info('slept'));
  });

  it('asks again where no answer comes at all', async () => {
    await source.write('hangs', randomBytes(2 * BLOCK));
    let hung = 0;
    proxy.rule = ({ comp }) => (comp === 'block' && hung++ === 0 ? 'hang' : 'pass');
    await copyBlob(wanted('hangs'), { ...kitBetween(FROM, TO, proxy.cloud), tryMs: 300 });
    assert.ok(await target.info('hangs'));
  });

  it('is called off at once where the copy is', async () => {
    await source.write('off', randomBytes(2 * BLOCK));
    const off = new AbortController();
    proxy.rule = ({ comp }) => {
      if (comp === 'block') off.abort();
      return comp === 'block' ? 'hang' : 'pass';
    };
    const copying = copyBlob(wanted('off'), { ...kitBetween(FROM, TO, proxy.cloud), signal: off.signal });
    await assert.rejects(copying, { name: 'AbortError' });
  });
});
