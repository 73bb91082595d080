import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleConverted } from '../../../corpus/recipe/assemble.js';
import { type ConvertedFile, convertFile, type ConvertRequest } from '../../../corpus/recipe/convert-file.js';
import { convertFileInThread } from '../../../corpus/recipe/in-thread.js';
import { CorpusError } from '../../../corpus/error.js';
import { contentIdOf, DatasetManifestSchema } from '../../../corpus/manifest.js';
import { verifyDataset } from '../../../corpus/verify.js';
import { formatVocabulary } from '../../../corpus/vocabulary/vocabulary.js';
import { inFolder } from '../fixture.js';
import { readSafetensors } from '../reader.js';
import { planOf, vocabulary } from './plan.js';
import { type OldFile, planned, type Said, writeOldFiles } from './written.js';

const options = { sequenceLength: 24, samplesPerShard: 100, maskProbability: 0.15, seed: 3 };

interface Made {
  readonly folder: string;
  readonly files: readonly OldFile[];
  readonly requests: readonly ConvertRequest[];
}

/** Twelve files to train on and one held out, written by Python, and what converts each. */
async function withFiles(use: (made: Made) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const names = Array.from({ length: 12 }, (_, n) => ({ name: `part_${n}.bin`, split: 'train' as const }));
    const all = [...names, { name: 'validation_set.bin', split: 'heldout' as const }];
    const files = all.map(({ name }, seed) => planOf(join(folder, name), seed, 150 + seed));
    writeOldFiles(files);
    await writeFile(join(folder, 'vocab.txt'), formatVocabulary(vocabulary));
    const outDir = join(folder, 'out');
    await mkdir(outDir);
    const requests = all.map(({ name, split }) => {
      return { file: join(folder, name), name, split, vocabulary: join(folder, 'vocab.txt'), outDir, options };
    });
    await use({ folder, files, requests });
  });
}

async function convertAll(requests: readonly ConvertRequest[]): Promise<ConvertedFile[]> {
  const converted: ConvertedFile[] = [];
  for (const request of requests) converted.push(await convertFile(request));
  return converted;
}

/** What a shard holds, in words. */
function samplesOf(file: string): Said[] {
  const { offsets, tokens, len_a: lengths, is_random_next: labels } = readSafetensors(file);
  assert.ok(offsets && tokens && lengths && labels);
  const words = (from: number, to: number) =>
    Array.from(tokens.subarray(from, to), (id) => vocabulary.pieces[id] as string);
  return Array.from(lengths, (length, index) => {
    const [start, end] = [offsets[index] as number, offsets[index + 1] as number];
    return { a: words(start, start + length), b: words(start + length, end), isRandomNext: labels[index] === 1 };
  });
}

describe('corpus/recipe: converting to shards of ours', function () {
  this.timeout(20_000);

  it('keeps every sample as it was, in the order of the file, in shards of the size asked for', () =>
    withFiles(async ({ folder, files, requests: [request] }) => {
      const converted = await convertFile(request as ConvertRequest);
      assert.deepEqual(
        converted.shards.map(({ file, samples }) => [file, samples]),
        [
          ['seq-0024/train/part_0-00000.safetensors', 100],
          ['seq-0024/train/part_0-00001.safetensors', 50],
        ],
      );
      const found = converted.shards.flatMap(({ file }) => samplesOf(join(folder, 'out', file)));
      assert.deepEqual(found, planned(files[0] as OldFile));
      assert.equal(converted.randomNext, found.filter(({ isRandomNext }) => isRandomNext).length);
    }));

  it('makes a dataset that verifies, its shards in the order in which people count', () =>
    withFiles(async ({ folder, requests }) => {
      const manifest = assembleConverted(await convertAll(requests), vocabulary, 'old', options);
      assert.deepEqual(DatasetManifestSchema.parse(manifest), manifest);
      assert.equal(manifest.contentId, contentIdOf(manifest));
      const [set] = manifest.sets;
      assert.deepEqual(
        set?.train.shards.filter((_, index) => index % 2 === 0).map(({ file }) => /part_(\d+)/.exec(file)?.[1]),
        Array.from({ length: 12 }, (_, n) => `${n}`),
      );
      assert.deepEqual([set?.train.samples, set?.heldout.samples], [12 * 150 + 66, 162]);
      const dir = join(folder, 'out');
      await writeFile(join(dir, 'vocab.txt'), formatVocabulary(vocabulary));
      await writeFile(join(dir, 'manifest.json'), JSON.stringify(manifest));
      assert.deepEqual((await verifyDataset(dir)).bad, []);
    }));

  it('gives the same bytes whatever the order, in this thread or in another, and after a try that was cut off', () =>
    withFiles(async ({ folder, requests }) => {
      const here = await convertAll(requests);
      const manifest = assembleConverted(here, vocabulary, 'old', options);
      const outDir = join(folder, 'again');
      const stale = join(outDir, manifest.sets[0]?.train.shards[0]?.file ?? '');
      await mkdir(join(stale, '..'), { recursive: true });
      await writeFile(stale, 'what a try that was killed had written');
      const there: ConvertedFile[] = [];
      for (const request of requests.toReversed()) there.push(await convertFileInThread({ ...request, outDir }));
      assert.deepEqual(there.toReversed(), here);
      assert.deepEqual(assembleConverted(there, vocabulary, 'old', options), manifest);
      for (const { file } of here.flatMap(({ shards }) => shards))
        assert.deepEqual(readFileSync(join(outDir, file)), readFileSync(join(folder, 'out', file)), file);
    }));

  it('masks held-out samples once and for all, by the share and seed that were asked for, and no others', () =>
    withFiles(async ({ folder, requests }) => {
      const request = requests.at(-1) as ConvertRequest;
      const masksOf = async (over: Partial<ConvertRequest>) => {
        const { shards } = await convertFile({ ...request, ...over });
        return readSafetensors(join(folder, 'out', shards[0]?.file ?? ''));
      };
      const { mask_offsets: offsets, mask_positions: positions, ...rest } = await masksOf({});
      assert.ok(offsets && positions && rest['offsets']);
      const lengths = Array.from(
        { length: 100 },
        (_, n) => rest['offsets'] && (rest['offsets'][n + 1] as number) - (rest['offsets'][n] as number),
      );
      lengths.forEach((length, n) => {
        const expected = Math.max(1, Math.round(((length as number) + 3) * 0.15));
        assert.equal((offsets[n + 1] as number) - (offsets[n] as number), expected);
      });
      const other = await masksOf({ options: { ...options, seed: 4 } });
      assert.notDeepEqual(other['mask_positions'], positions);
      assert.deepEqual(other['tokens'], rest['tokens']);
      const trained = await masksOf({ split: 'train' });
      assert.deepEqual(Object.keys(trained), ['offsets', 'tokens', 'len_a', 'is_random_next']);
    }));

  it('refuses a sample that is longer than the set, by its number and length', () =>
    withFiles(async ({ requests: [request] }) => {
      const short = { ...(request as ConvertRequest), options: { ...options, sequenceLength: 12 } };
      await assert.rejects(
        convertFile(short),
        /^CorpusError: part_0\.bin, sample \d+ is 1\d tokens long with \[CLS\] and \[SEP\], and the set takes 12; name the sequence length/,
      );
    }));

  it('refuses what follows the end of the pickle: nothing is dropped in silence', () =>
    withFiles(async ({ requests: [request] }) => {
      const { file } = request as ConvertRequest;
      await writeFile(file, Buffer.concat([readFileSync(file), Buffer.from('more')]));
      await assert.rejects(convertFile(request as ConvertRequest), /goes on behind its end: 4 bytes follow byte \d+/);
    }));

  it('fails in a thread with the error of the conversion, and stops there when it is aborted', () =>
    withFiles(async ({ requests: [request] }) => {
      const missing = { ...(request as ConvertRequest), file: '/nowhere/part_0.bin' };
      const error: unknown = await convertFileInThread(missing).catch((failure: unknown) => failure);
      assert.ok(error instanceof CorpusError);
      assert.match(error.message, /^\/nowhere\/part_0\.bin cannot be read; name a \.bin file of the old recipe\.$/);
      const controller = new AbortController();
      const running = convertFileInThread(request as ConvertRequest, undefined, controller.signal);
      const reason = new Error('enough');
      controller.abort(reason);
      await assert.rejects(running, reason);
    }));

  it('gives files whose names cannot stand in a path shards of their own', () =>
    withFiles(async ({ requests: [request] }) => {
      const named = (name: string) => convertFile({ ...(request as ConvertRequest), name });
      const paths = [await named('a b.bin'), await named('a_b.bin'), await named('ä/b.bin')].map(
        ({ shards: [shard] }) => shard?.file ?? '',
      );
      assert.equal(new Set(paths).size, 3);
      for (const path of paths) assert.match(path, /^seq-0024\/train\/[A-Za-z0-9._-]+$/);
    }));

  it('refuses a dataset with nothing to train on or nothing held out', () =>
    withFiles(async ({ requests }) => {
      const converted = await convertAll(requests.slice(-1));
      assert.throws(
        () => assembleConverted(converted, vocabulary, 'old', options),
        /The 0 files of the split train hold no sample/,
      );
    }));
});
