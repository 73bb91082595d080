import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { prepareDataset } from '../../../corpus/prepare.js';
import { inFolder, proseDump, writeDump } from '../../corpus/fixture.js';
import { options } from '../../corpus/prepared.js';
import { whileWatching } from './memory.js';
import { writeRepeated } from './repeat.js';
import { cpuIn, withWorkers } from './workers.js';

describe('bench: data workers', function () {
  this.timeout(60_000);

  it('prepare a dump, written several times over, as one process does', () =>
    inFolder(async (folder) => {
      const dump = join(folder, 'repeated.xml');
      const bytes = writeRepeated(await writeDump(folder, proseDump(30)), 3, dump);
      assert.equal(bytes, readFileSync(dump).length);
      const outDir = join(folder, 'one');
      mkdirSync(outDir);
      const { pages } = await prepareDataset({ dump, outDir, name: 'bench', options });
      assert.deepEqual([pages.in, pages.out], [90, 90]);
      const job = { dump, folder: join(folder, 'two'), options, sizes: { pieceBytes: 20_000 } };
      const { result, memory } = await withWorkers(2, ({ pids, prepare }) => whileWatching(pids, () => prepare(job)));
      assert.ok(cpuIn(result) > 0 && memory.peak > 20_000_000 && memory.peak >= memory.inFirstThird);
      for (const file of ['manifest.json', 'attribution.jsonl', 'seq-0032/train/shard-00000.safetensors']) {
        assert.deepEqual(readFileSync(join(job.folder, 'out', file)), readFileSync(join(outDir, file)), file);
      }
    }));

  it('tell what went wrong in a task', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(3).slice(0, -40));
      const job = { dump, folder: join(folder, 'bad'), options, sizes: {} };
      await assert.rejects(
        withWorkers(1, ({ prepare }) => prepare(job)),
        /data worker failed at .*"text".*cut off/,
      );
    }));
});
