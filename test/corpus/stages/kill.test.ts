import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stages } from '../../../corpus/stages/tasks.js';
import { seeded } from '../../house/random.js';
import { inFolder, proseDump, writeDump } from '../fixture.js';
import { options as usual } from '../prepared.js';
import { bytesBelow, inProcess, runStages, share } from './workers.js';

const script = fileURLToPath(new URL('./mortal.js', import.meta.url));

/** Of all stages each has something to do. */
const options = { ...usual, nearDuplicates: {} };

describe('corpus: a preparation whose workers are killed', function () {
  this.timeout(60_000);

  it('comes to the same bytes after a kill -9 at a random moment of every stage', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(50));
      const alone = await share(join(folder, 'alone'), dump, options);
      await runStages(alone.plan, [await inProcess(alone)]);
      const next = seeded(17);
      const work = join(folder, 'killed');
      const live = (...death: string[]) =>
        spawnSync(process.execPath, [script, work, dump, JSON.stringify(options), ...death], { encoding: 'utf8' });
      for (const stage of stages) {
        const { signal, stderr } = live(stage, String(Math.floor(next() * 6)));
        assert.equal(signal, 'SIGKILL', `no death in ${stage}: ${stderr}`);
      }
      const last = live();
      assert.equal(last.status, 0, last.stderr);
      assert.deepEqual(await bytesBelow(join(work, 'out')), await bytesBelow(join(folder, 'alone', 'out')));
      assert.deepEqual(await bytesBelow(join(work, 'work')), new Map());
    }));
});
