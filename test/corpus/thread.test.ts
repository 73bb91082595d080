import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareDatasetInThread } from '../../corpus/in-thread.js';
import { CorpusError, prepareDataset } from '../../corpus/prepare.js';
import { inFolder, proseDump, writeDump } from './fixture.js';

const options = { vocabulary: { trainSize: 200 }, heldOutShare: 0.2 };

describe('corpus: prepareDatasetInThread', function () {
  this.timeout(60_000);

  it('gives what prepareDataset gives and tells its progress', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(60));
      const stages = new Set<string>();
      const request = { dump, outDir: join(folder, 'thread'), name: 'test', options };
      const manifest = await prepareDatasetInThread(request, ({ stage }) => stages.add(stage));
      assert.deepEqual(manifest, await prepareDataset({ ...request, outDir: join(folder, 'here') }));
      assert.deepEqual([...stages], ['text', 'vocabulary', 'tokens', 'pool', 'pairs', 'layout', 'shards', 'finish']);
    }));

  it('fails with the error of the preparation', () =>
    inFolder(async (folder) => {
      const request = { dump: join(folder, 'none.xml'), outDir: join(folder, 'out'), name: 'test', options };
      const failure = await prepareDatasetInThread(request).catch((error: unknown) => error);
      assert.ok(failure instanceof CorpusError);
      assert.match(failure.message, /none.xml cannot be read/);
    }));

  it('stops when it is aborted and leaves nothing behind', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(3000));
      const outDir = join(folder, 'out');
      const controller = new AbortController();
      const reason = new Error('enough');
      const running = prepareDatasetInThread(
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
