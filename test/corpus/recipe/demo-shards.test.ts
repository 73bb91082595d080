import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { convertFile } from '../../../corpus/recipe/convert-file.js';
import { tools } from '../../../stack/places.js';
import { root } from '../../house/root.js';
import { inFolder, writeDump } from '../fixture.js';
import { smallDump } from '../../e2e/small-config.js';

describe('corpus/recipe: the shards that the demo makes', function () {
  this.timeout(20_000);

  it('are files of the old recipe, and each of them converts', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, smallDump(120));
      const script = join(root, 'cli', 'demo', 'old_recipe_shards.py');
      execFileSync(tools().python, ['-B', script, dump, folder, '64']);
      const [train, heldOut] = [join(folder, '512', 'wiki_pretrain'), join(folder, 'validation_512_only')];
      const names = [...readdirSync(train).map((name) => join(train, name)), join(heldOut, 'validation_set.bin')];
      assert.equal(names.length, 7);
      const options = { sequenceLength: 64, samplesPerShard: 10_000, maskProbability: 0.15, seed: 42 };
      const common = { vocabulary: join(folder, 'vocab.txt'), outDir: join(folder, 'out'), options };
      for (const file of names) {
        const { samples, randomNext } = await convertFile({ ...common, file, name: 'part.bin', split: 'train' });
        assert.ok(samples > 20 && randomNext > 0 && randomNext < samples, `${file}: ${randomNext} of ${samples}`);
      }
    }));
});
