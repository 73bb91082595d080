import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CorpusError } from '../../../corpus/error.js';
import { randomOf } from '../../../corpus/random.js';
import { inFolder, vocabularyOf } from '../fixture.js';
import { planOf, vocabulary } from './plan.js';
import { planned, samplesIn, writeOldFiles } from './written.js';

describe('corpus/recipe: reading .bin files of the old recipe', function () {
  this.timeout(20_000);

  it('finds every sample of every pickle protocol as it was written, in order', () =>
    inFolder(async (folder) => {
      const files = [0, 1, 2, 3, 4, 5].map((protocol) =>
        planOf(join(folder, `protocol-${protocol}.bin`), protocol, 2500, { protocol }),
      );
      writeOldFiles(files);
      for (const file of files) assert.deepEqual(samplesIn(file.path, vocabulary), planned(file), file.path);
    }));

  it('knows the data creators by their names, in whatever module they were', () =>
    inFolder(async (folder) => {
      const files = (['WikiPretrainingDataCreator', 'PretrainingDataCreator'] as const).map((creator) =>
        planOf(join(folder, `${creator}.bin`), 1, 3, { creator, module: 'dataset' }),
      );
      writeOldFiles(files);
      for (const file of files) assert.deepEqual(samplesIn(file.path, vocabulary), planned(file));
    }));

  it('reads lists of more than a thousand tokens, of one and of none', () =>
    inFolder(async (folder) => {
      const long = Array.from({ length: 2500 }, (_, n) => vocabulary.pieces[5 + (n % 400)] as string);
      const slices = [
        [0, 0, 2500],
        [0, 3, 4],
        [0, 9, 9],
        [0, 100, 1100],
      ] as const;
      const instances = slices.flatMap((a) => slices.map((b) => ({ a, b, is_next: 0 })));
      const file = planOf(join(folder, 'long.bin'), 1, 0, { documents: [long], instances });
      writeOldFiles([file, { ...file, path: join(folder, 'long-4.bin'), protocol: 4 }]);
      assert.deepEqual(samplesIn(file.path, vocabulary), planned(file));
      assert.deepEqual(samplesIn(join(folder, 'long-4.bin'), vocabulary), planned(file));
    }));

  it('says of a token that the vocabulary lacks which one it is, and in which sample of which file', () =>
    inFolder(async (folder) => {
      const file = planOf(join(folder, 'x.bin'), 1, 40);
      const instances = file.instances.map((one, n) => (n < 17 ? one : { ...one, b: [5, 0, 2] as const }));
      writeOldFiles([{ ...file, documents: [...file.documents, ['w1', 'zebra']], instances }]);
      assert.throws(
        () => samplesIn(file.path, vocabulary),
        /^CorpusError: part\.bin, sample 17: the vocabulary lacks the token "zebra" \(byte \d+\); name the vocab\.txt that the file was made with\.$/,
      );
    }));

  it('takes the last of two equal lines of a vocabulary, as google-research/bert does', () =>
    inFolder(async (folder) => {
      const twice = vocabularyOf(['w1', 'w2', 'w1']);
      const file = planOf(join(folder, 'x.bin'), 1, 0, {
        documents: [['w1', 'w2']],
        instances: [{ a: [0, 0, 1], b: [0, 0, 2], is_next: 1 }],
      });
      writeOldFiles([file]);
      assert.deepEqual(samplesIn(file.path, twice), planned(file));
    }));

  it('refuses a file that is cut off, wherever it is', () =>
    inFolder(async (folder) => {
      const files = [0, 3, 4].map((protocol) => planOf(join(folder, `${protocol}.bin`), 1, 1, { protocol }));
      writeOldFiles(files);
      const cut = join(folder, 'cut.bin');
      for (const { path } of files) {
        const whole = readFileSync(path);
        for (let length = 0; length < whole.length; length++) {
          writeFileSync(cut, whole.subarray(0, length));
          assert.throws(
            () => samplesIn(cut, vocabulary),
            /part\.bin (is cut off: it ends at byte|is refused: .* frame)/,
          );
        }
      }
    }));

  it('gives one sentence, and never another error, for a file with damaged bytes', () =>
    inFolder(async (folder) => {
      const file = planOf(join(folder, 'x.bin'), 1, 12);
      writeOldFiles([file]);
      const whole = readFileSync(file.path);
      const damaged = join(folder, 'damaged.bin');
      let refused = 0;
      for (let round = 0; round < 500; round++) {
        const random = randomOf('damage', round);
        const bytes = Buffer.from(whole);
        for (let n = 0; n <= round % 3; n++) bytes[random.below(bytes.length)] = random.below(256);
        writeFileSync(damaged, bytes);
        try {
          samplesIn(damaged, vocabulary);
        } catch (error) {
          assert.ok(error instanceof CorpusError, String((error as Error).stack));
          assert.doesNotMatch(error.message, /\n/);
          refused++;
        }
      }
      assert.ok(refused > 150, `${refused}`);
    }));
});
