import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatVocabulary } from '../../../corpus/vocabulary/vocabulary.js';
import { inFolder } from '../fixture.js';
import { planOf, vocabulary } from './plan.js';
import { writeOldFiles } from './written.js';

interface Read {
  readonly samples: number;
  readonly tokens: number;
  readonly rss: number;
}

const read = (file: string, words: string): Read =>
  JSON.parse(
    execFileSync(process.execPath, [fileURLToPath(new URL('./memory.js', import.meta.url)), file, words], {
      encoding: 'utf8',
    }),
  ) as Read;

describe('corpus/recipe: memory', function () {
  this.timeout(30_000);

  it('does not grow with the number of samples beyond four bytes for each object that the pickle remembers', () =>
    inFolder(async (folder) => {
      const words = join(folder, 'vocab.txt');
      await writeFile(words, formatVocabulary(vocabulary));
      // The strings are those of five documents, however often their samples are listed.
      const slices = Array.from({ length: 200 }, (_, n) => {
        return { a: [n % 5, n % 100, 250] as const, b: [(n + 1) % 5, n % 90, 240] as const, is_next: n % 2 };
      });
      const plan = (name: string, repeat: number) => planOf(join(folder, name), 1, 0, { instances: slices, repeat });
      const [small, large] = [plan('small.bin', 40), plan('large.bin', 400)];
      writeOldFiles([small, large]);
      const [few, many] = [read(small.path, words), read(large.path, words)];
      assert.deepEqual([few.samples, many.samples], [8_000, 80_000]);
      assert.ok(statSync(large.path).size > 120e6);
      // Of a sample the memo holds the object, its attributes and two lists: 72,000 samples more are 1.2 MB.
      const grown = many.rss - few.rss;
      assert.ok(grown < 16e6, `${few.rss} bytes for ${few.samples} samples, ${many.rss} for ${many.samples}`);
    }));
});
