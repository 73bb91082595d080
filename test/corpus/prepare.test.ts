import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isHeldOut } from '../../corpus/heldout.js';
import { prepareDataset, verifyDataset, type DatasetManifest } from '../../corpus/prepare.js';
import { dumpXml, inFolder, prose, proseDump, writeDump } from './fixture.js';
import { options, prepareIn } from './prepared.js';
import { readSafetensors } from './reader.js';

async function filesOf(dir: string): Promise<Map<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (file) => [file.slice(dir.length), await readFile(file, 'base64')] as const)),
  );
}

describe('corpus: prepareDataset', function () {
  this.timeout(60_000);

  it('writes shards that can be read back and say what the manifest says', () =>
    inFolder(async (folder) => {
      const { dir, manifest } = await prepareIn(folder);
      assert.deepEqual(
        manifest.sets.map(({ name }) => name),
        ['seq-0032', 'seq-0064'],
      );
      for (const { sequenceLength, train, heldout } of manifest.sets) {
        for (const shard of [...train.shards, ...heldout.shards]) {
          const { offsets, tokens, len_a: lengths, is_random_next: labels } = readSafetensors(join(dir, shard.file));
          assert.ok(offsets && tokens && lengths && labels);
          assert.equal(offsets.length, shard.samples + 1);
          assert.equal(tokens.length, shard.tokens);
          assert.equal(offsets.at(-1), shard.tokens);
          lengths.forEach((length, index) => {
            const size = (offsets[index + 1] as number) - (offsets[index] as number);
            assert.ok(length > 0 && length < size && size <= sequenceLength - 3);
          });
          assert.ok(
            tokens.every((id) => id >= 5 || id === 1),
            'special tokens are not in the text',
          );
        }
        const labels = train.shards.flatMap(({ file }) => [
          ...(readSafetensors(join(dir, file))['is_random_next'] ?? []),
        ]);
        assert.equal(
          train.randomNextRatio,
          Number((labels.filter((label) => label === 1).length / labels.length).toFixed(6)),
        );
        assert.ok(Math.abs(train.randomNextRatio - 0.5) < 0.12, `${train.randomNextRatio}`);
      }
      assert.ok((manifest.sets[0]?.train.shards.length ?? 0) > 1, 'more samples than one shard holds');
    }));

  it('masks held-out samples once and for all, and training samples not at all', () =>
    inFolder(async (folder) => {
      const { dir, manifest } = await prepareIn(folder);
      const set = manifest.sets[0] as DatasetManifest['sets'][number];
      assert.equal(readSafetensors(join(dir, set.train.shards[0]?.file ?? ''))['mask_offsets'], undefined);
      const {
        offsets,
        mask_offsets: starts,
        mask_positions: positions,
        mask_inputs: inputs,
      } = readSafetensors(join(dir, set.heldout.shards[0]?.file ?? ''));
      assert.ok(offsets && starts && positions && inputs);
      assert.equal(starts.length, offsets.length);
      assert.equal(starts.at(-1), positions.length);
      assert.equal(inputs.length, positions.length);
      for (let sample = 0; sample + 1 < offsets.length; sample++) {
        const length = (offsets[sample + 1] as number) - (offsets[sample] as number) + 3;
        for (let mask = starts[sample] as number; mask < (starts[sample + 1] as number); mask++) {
          assert.ok((positions[mask] as number) > 0 && (positions[mask] as number) < length - 1);
        }
      }
    }));

  it('keeps held-out pages out of training', () =>
    inFolder(async (folder) => {
      // Every page says its own word, so that its samples can be told from all others.
      const word = (id: number): string => `w${String.fromCharCode(97 + Math.floor(id / 26), 97 + (id % 26))}`;
      const pages = Array.from({ length: 60 }, (_, id) => ({
        id,
        text: Array.from({ length: 6 }, () => `${word(id)} ${word(id)} ${word(id)} ${word(id)}.`).join('\n\n'),
      }));
      const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '.', ...pages.map(({ id }) => word(id))];
      const file = join(folder, 'vocab.txt');
      await writeFile(file, vocabulary.join('\n'));
      const dump = await writeDump(folder, dumpXml(pages));
      const dir = join(folder, 'out');
      const { sets } = await prepareDataset({
        dump,
        outDir: dir,
        name: 'test',
        options: { ...options, vocabulary: { file } },
      });
      const pagesIn = (files: readonly { file: string }[]): Set<number> =>
        new Set(
          files.flatMap((shard) => [...(readSafetensors(join(dir, shard.file))['tokens'] ?? [])]).map((id) => id - 6),
        );
      for (const { train, heldout } of sets) {
        const [inTraining, apart] = [pagesIn(train.shards), pagesIn(heldout.shards)];
        inTraining.delete(-1);
        apart.delete(-1);
        assert.equal(inTraining.size + apart.size, 60);
        for (const id of apart) assert.ok(isHeldOut(id, 0.2, 7) && !inTraining.has(id));
      }
    }));

  it('gives the same bytes twice, and other bytes for another seed', () =>
    inFolder(async (folder) => {
      const first = await prepareIn(folder, 'first');
      const second = await prepareIn(folder, 'second');
      const third = await prepareIn(folder, 'third', { seed: 8 });
      assert.deepEqual(await filesOf(second.dir), await filesOf(first.dir));
      assert.notEqual(third.manifest.contentId, first.manifest.contentId);
    }));

  it('makes about as many times the samples as the pages are paired', () =>
    inFolder(async (folder) => {
      const once = await prepareIn(folder, 'once');
      const thrice = await prepareIn(folder, 'thrice', { dupeFactor: 3 });
      const samples = ({ manifest }: typeof once): number => manifest.sets[0]?.train.samples ?? 0;
      assert.ok(Math.abs(samples(thrice) / samples(once) - 3) < 0.3);
      assert.equal(thrice.manifest.sets[0]?.heldout.samples, once.manifest.sets[0]?.heldout.samples);
    }));

  it('counts every page as kept or skipped by reason, and attributes the kept ones without contributor names', () =>
    inFolder(async (folder) => {
      const good = Array.from({ length: 12 }, (_, n) => ({ id: n + 1, text: prose(n, 9) }));
      const xml = dumpXml([
        ...good,
        { id: 100, text: '#REDIRECT [[A]]', redirect: true },
        { id: 101, text: prose(1, 9), ns: 10 },
        { id: 102, text: '* [[a]]\n{{Disambiguation}}' },
        { id: 103, text: 'Just one sentence here.' },
        { id: 104, text: ' ' },
      ]);
      const outDir = join(folder, 'out');
      const { pages } = await prepareDataset({
        dump: await writeDump(folder, xml),
        outDir,
        name: 'test',
        options: { ...options, heldOutShare: 0.4 },
      });
      const skipped = { redirect: 1, namespace: 1, disambiguation: 1, short: 1, empty: 1 };
      assert.deepEqual(pages, { in: 17, out: 12, skipped });
      const attribution = await readFile(join(outDir, 'attribution.jsonl'), 'utf8');
      const lines = attribution
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      assert.deepEqual(lines[0], { page: 1, revision: 100, title: 'Page 1' });
      assert.equal(lines.length, 12);
      for (const content of (await filesOf(outDir)).values()) {
        assert.doesNotMatch(Buffer.from(content, 'base64').toString('latin1'), /Jane Editor/);
      }
    }));

  it('returns a finished dataset of the same content, mends a damaged one, and refuses the folder of another', () =>
    inFolder(async (folder) => {
      const { dir, manifest } = await prepareIn(folder);
      assert.deepEqual((await prepareIn(folder)).manifest, manifest);
      const shard = manifest.sets[0]?.train.shards[0]?.file ?? '';
      await truncate(join(dir, shard), 10);
      assert.deepEqual((await prepareIn(folder)).manifest, manifest);
      assert.deepEqual((await verifyDataset(dir)).bad, []);
      await assert.rejects(
        prepareIn(folder, 'out', { seed: 9 }),
        /holds another dataset \(test, content [0-9a-f]{16}\)/,
      );
    }));

  it('leaves nothing behind when the dump is cut off', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(20).slice(0, -40));
      const outDir = join(folder, 'out');
      await assert.rejects(prepareDataset({ dump, outDir, name: 'test', options }), /cut off inside page 20/);
      assert.deepEqual(await readdir(outDir), []);
    }));

  it('removes what a killed preparation left, and leaves alone what a living one has', () =>
    inFolder(async (folder) => {
      const gone = spawnSync(process.execPath, ['--version']).pid;
      const partial = (pid: number): string => `.partial-${hostname()}-${pid}-abcdef`;
      for (const pid of [gone, process.ppid]) await mkdir(join(folder, 'out', partial(pid)), { recursive: true });
      const { dir } = await prepareIn(folder);
      const left = (await readdir(dir)).filter((name) => name.startsWith('.partial-'));
      assert.deepEqual(left, [partial(process.ppid)]);
    }));

  it('refuses wrong options and a missing dump in a sentence', () =>
    inFolder(async (folder) => {
      const request = { dump: join(folder, 'none.xml'), outDir: join(folder, 'out'), name: 'test' };
      await assert.rejects(prepareDataset({ ...request, options: { dupeFactor: 0 } }), /not valid.*dupeFactor/s);
      await assert.rejects(prepareDataset({ ...request, options: {} }), /none.xml cannot be read/);
    }));

  it('refuses a dump with too few pages, saying what to change', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(1));
      const request = { dump, outDir: join(folder, 'out'), name: 'test', options };
      await assert.rejects(
        prepareDataset(request),
        /two and one are needed at least: take a larger dump, or change heldOutShare/,
      );
    }));
});
