import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CorpusError, prepareDataset } from '../../corpus/prepare.js';
import { inFolder, proseDump, writeDump } from './fixture.js';

const options = { vocabulary: { trainSize: 200 }, heldOutShare: 0.2 };

describe('corpus: how prepareDataset goes on and ends', function () {
  this.timeout(60_000);

  it('tells its stages in their order', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(60));
      const stages = new Set<string>();
      const request = { dump, outDir: join(folder, 'out'), name: 'test', options };
      await prepareDataset(request, ({ stage }) => stages.add(stage));
      assert.deepEqual([...stages], ['text', 'vocabulary', 'tokens', 'pool', 'pairs', 'layout', 'shards', 'finish']);
    }));

  it('fails with the error of the preparation', () =>
    inFolder(async (folder) => {
      const request = { dump: join(folder, 'none.xml'), outDir: join(folder, 'out'), name: 'test', options };
      const failure = await prepareDataset(request).catch((error: unknown) => error);
      assert.ok(failure instanceof CorpusError);
      assert.match(failure.message, /none.xml cannot be read/);
    }));

  it('stops when it is aborted and leaves nothing behind', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(3000));
      const outDir = join(folder, 'out');
      const controller = new AbortController();
      const reason = new Error('enough');
      const running = prepareDataset(
        { dump, outDir, name: 'test', options },
        ({ stage }) => {
          if (stage === 'text') controller.abort(reason);
        },
        controller.signal,
      );
      await assert.rejects(running, reason);
      assert.deepEqual(await readdir(outDir), []);
    }));
});
