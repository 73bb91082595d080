import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { runTaskInThread, type ThreadShop } from '../../../corpus/stages/in-thread.js';
import { localFile } from '../../../corpus/input/local.js';
import { inFolder, proseDump, writeDump } from '../fixture.js';
import { options } from '../prepared.js';
import { bytesBelow, inProcess, runStages, share, type Shared } from './workers.js';

async function threadShop(shared: Shared, source: ThreadShop['source'] = { file: shared.dump }): Promise<ThreadShop> {
  const { work, out } = shared;
  return { work, out, source, scratch: await mkdtemp(join(shared.folder, 'scratch-')) };
}

const silent = (): void => undefined;

describe('corpus: a task in a thread', function () {
  this.timeout(30_000);

  it('gives what it gives without one, from a file and from bytes that somebody else reads', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(40));
      const sizes = { pieceBytes: 20_000, poolTokens: 3_000 };
      const here = await share(join(folder, 'here'), dump, options, sizes);
      await runStages(here.plan, [await inProcess(here)]);
      const shared = await share(join(folder, 'thread'), dump, options, sizes);
      const { name, bytes, read } = await localFile(dump);
      const asked = async (from: number, to: number): Promise<Uint8Array> => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of read(from, to)) chunks.push(chunk);
        return Buffer.concat(chunks);
      };
      const shops = [await threadShop(shared), await threadShop(shared, { name, bytes, read: asked })];
      await runStages(
        shared.plan,
        shops.map((shop) => (task) => runTaskInThread(task, shop, silent)),
      );
      assert.deepEqual(await bytesBelow(join(shared.folder, 'out')), await bytesBelow(join(here.folder, 'out')));
    }));

  it('fails with the error of the task, and with that of the storage as it was thrown', () =>
    inFolder(async (folder) => {
      const shared = await share(folder, await writeDump(folder, proseDump(40).slice(0, -40)), options);
      const shop = await threadShop(shared);
      const last = { stage: 'text', number: shared.plan.pieces.length - 1 } as const;
      await assert.rejects(runTaskInThread(last, shop, silent), {
        name: 'CorpusError',
        message: /cut off inside page 40/,
      });
      const refused = new RangeError('the storage is full');
      const full = { ...shop, work: { ...shop.work, put: () => Promise.reject(refused) } };
      await assert.rejects(runTaskInThread({ stage: 'text', number: 0 }, full, silent), refused);
    }));

  it('ends at once when it is aborted, with nothing in place', () =>
    inFolder(async (folder) => {
      const shared = await share(folder, await writeDump(folder, proseDump(4000)), options, { pieceBytes: 1 << 24 });
      const controller = new AbortController();
      const reason = new Error('enough');
      const running = runTaskInThread(
        { stage: 'text', number: 0 },
        await threadShop(shared),
        () => controller.abort(reason),
        controller.signal,
      );
      await assert.rejects(running, reason);
      assert.deepEqual([...(await bytesBelow(join(folder, 'work'))).keys()], ['/plan.json']);
    }));
});
