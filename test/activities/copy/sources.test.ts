import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { containerSignature } from '../../../emulator/storage/signature.js';
import { config } from '../support/deps.js';
import { failure } from '../support/run.js';
import { sharedStack } from '../support/stack.js';
import { BLOCK, datasetFiles, differences } from './support/dataset.js';
import { type Case, newCase } from './support/copying.js';
import { type Proxy, startProxy } from './support/proxy.js';

const ENV = 'COPY_TEST_SAS';

describe('activities: what a copy is made from', function () {
  this.timeout(30_000);
  const files = datasetFiles([6 * BLOCK, BLOCK + 7]);
  const account = config('data').data.source.account ?? '';
  let proxy: Proxy;
  let scratch: string;

  beforeEach(async () => {
    proxy = await startProxy('copy-sources');
  });
  before(() => {
    scratch = mkdtempSync(join(tmpdir(), 'bertha-copy-'));
  });
  afterEach(async () => {
    await proxy.close();
    delete process.env[ENV];
    delete process.env[`${ENV}_FILE`];
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const signature = async (container: string, seconds: number) => {
    const { places } = await sharedStack();
    const key = readFileSync(places.storageKey, 'utf8').trim();
    return containerSignature({ account, key, container }, seconds / 3600, 'rl');
  };
  const bySas = (one: Case) => ({ account, container: one.source.name, sasEnv: ENV });

  describe('by a SAS that the environment holds', () => {
    it('is copied, and neither result nor heartbeat holds anything of it', async () => {
      const one = await newCase('sas', files);
      process.env[ENV] = `?${await signature(one.source.name, 60)}`;
      const { result, heartbeats } = await one.copy({ source: bySas(one) });
      assert.deepEqual(await differences(one.target, one.folder, files), []);
      assert.doesNotMatch(JSON.stringify({ result, heartbeats }), /sig=|se=/);
    });

    it('goes on with a new one where it expires midway: the file that names it is read anew', async () => {
      const one = await newCase('expires', files);
      const file = join(scratch, 'sas');
      process.env[`${ENV}_FILE`] = file;
      const good = await signature(one.source.name, 60);
      const expired = (await signature(one.source.name, -60)).replace(/se=[^&]*/, `se=${'2099-01-01T00%3A00%3A00Z'}`);
      writeFileSync(file, good);
      proxy.rule = ({ comp, turn }) => {
        if (comp !== 'block' || turn < 3) return 'pass';
        // Azurite refuses one whose date does not go with its signature as Azure does one that is over.
        if (turn === 3) writeFileSync(file, expired);
        if (turn === 11) writeFileSync(file, good);
        return turn < 8 ? 'reset' : 'pass';
      };
      const begun = proxy.seen.length;
      await one.copy({ cloud: proxy.cloud, source: bySas(one) });
      assert.deepEqual(await differences(one.target, one.folder, files), []);
      const mine = proxy.seen.slice(begun).filter(({ comp }) => comp === 'block');
      const answers = mine.map(({ status }) => status);
      assert.ok(answers.includes(403), 'the service was refused meanwhile');
      const taken = answers.filter((status) => status === 201);
      assert.equal(taken.length, 6 + 2 + 2, 'no block went over twice');
    });

    it('says of one that is over when it ended and what to do, and of none its name', async () => {
      const one = await newCase('over', files);
      const missing = await failure(one.copy({ source: bySas(one) }));
      assert.equal(missing.type, 'Azure:unauthorized');
      assert.match(
        missing.message,
        /^the SAS of the source is to be read from COPY_TEST_SAS, and the environment .* set one/,
      );
      process.env[ENV] = await signature(one.source.name, -60);
      const { type, message } = await failure(one.copy({ source: bySas(one) }));
      assert.equal(type, 'Azure:unauthorized');
      assert.match(
        message,
        /^the SAS in COPY_TEST_SAS expired at \d{4}-.*; put a new one into the file that COPY_TEST_SAS_FILE/,
      );
      assert.doesNotMatch(message, /sig=/);
    });
  });

  describe('a local folder', () => {
    const folderOf = (name: string) => {
      const folder = join(scratch, name);
      for (const [file, bytes] of files) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), bytes);
      }
      return folder;
    };

    it('is uploaded block by block, and nothing the second time', async () => {
      const one = await newCase('folder', files);
      const source = { folder: folderOf('whole') };
      assert.equal((await one.copy({ source })).result.copied, 3);
      assert.deepEqual(await differences(one.target, one.folder, files), []);
      const again = (await one.copy({ source })).result;
      assert.deepEqual([again.copied, again.blocks], [0, { sent: 0, there: 0, repeated: 0 }]);
    });

    it('is uploaded again where a bit changes on the way: the service compares each block with its MD5', async () => {
      const one = await newCase('flipped', files);
      let flipped = 0;
      proxy.rule = ({ comp }) => (comp === 'block' && flipped++ === 1 ? 'flip' : 'pass');
      await one.copy({ source: { folder: folderOf('flipped') }, cloud: proxy.cloud });
      assert.deepEqual(await differences(one.target, one.folder, files), []);
      assert.ok(proxy.seen.some(({ comp, status }) => comp === 'block' && status === 400));
    });

    it('is refused for good where a file is not what the manifest says, and nothing of it is put together', async () => {
      const one = await newCase('rotten', files);
      const folder = folderOf('rotten');
      const file = 'seq-0016/train/shard-00000.safetensors';
      const bad = Buffer.from(files.get(file) ?? '');
      bad.writeUInt8(bad.readUInt8(3 * BLOCK + 5) ^ 1, 3 * BLOCK + 5);
      writeFileSync(join(folder, file), bad);
      const { type, nonRetryable, message } = await failure(one.copy({ source: { folder } }));
      assert.deepEqual({ type, nonRetryable }, { type: 'DamagedShard', nonRetryable: true });
      assert.match(
        message,
        /^shard seq-0016\/train\/shard-00000\.safetensors is damaged in \/.*: MD5 of the 65536 bytes from 196608 on is/,
      );
      assert.equal(await one.target.info(`${one.folder}/${file}`), null);
    });

    it('says what is wrong with one that is not there, or holds something else', async () => {
      const one = await newCase('nowhere', files);
      const absent = await failure(one.copy({ source: { folder: join(scratch, 'absent') } }));
      assert.match(absent.message, /absent holds no dataset manifest of ours/);
      const other = join(scratch, 'other');
      mkdirSync(other);
      writeFileSync(join(other, 'part-00.bin'), 'pickle');
      const { type, nonRetryable, message } = await failure(one.copy({ source: { folder: other } }));
      assert.deepEqual({ type, nonRetryable }, { type: 'NoDataset', nonRetryable: true });
      assert.match(message, /holds 1 files .* turn them into shards first with `npx bertha data convert CONFIG`$/);
    });
  });
});
