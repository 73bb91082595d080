import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { PreparedData } from '../../activities/preparation/prepare.js';
import type { BlobContainer, BlobInfo } from '../../azure/blob.js';
import type { DatasetManifest } from '../../corpus/manifest.js';
import { formatVocabulary } from '../../corpus/vocabulary/vocabulary.js';
import { bertha } from '../../installation.js';
import { planOf, vocabulary } from '../corpus/recipe/plan.js';
import { writeOldFiles } from '../corpus/recipe/written.js';
import { azure, dataActivities, deps, place, store } from './support/deps.js';
import { failure, observe, run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe("activities: converting the old recipe's shards", function () {
  this.timeout(30_000);
  const local = bertha('stacks', 'activities-test', 'old-recipe');
  const words = join(local, 'vocab.txt');
  const convert = {
    source: { account: 'devstoreaccount1', container: 'old-recipe', prefix: 'bert_data' },
    ...{ train: '512/wiki_pretrain', heldOut: 'validation_512_only', vocabulary: words },
    ...{ sequenceLength: 24, samplesPerShard: 40, maskProbability: 0.15, seed: 1 },
  };
  const source = { account: 'devstoreaccount1', container: 'bertha-source' };
  const data = { name: 'old', source, convert };
  const names = [
    '512/wiki_pretrain/part_10.bin',
    '512/wiki_pretrain/part_9.bin',
    'validation_512_only/validation_set.bin',
  ];
  let from: BlobContainer;
  let to: BlobContainer;

  const plan = (over: object = {}) =>
    run(dataActivities.planConversion, { place: place('convert'), data: { ...data, ...over } });
  const convertOne = (folder: string, index: number, over: object = {}) =>
    run(dataActivities.convertFile, { place: place('convert'), data: { ...data, ...over }, folder, index });
  const assemble = (folder: string) => run(dataActivities.assembleConverted, { place: place('convert'), data, folder });
  const blobsIn = async (folder: string) =>
    (await to.list(`${folder}/`)).map(({ path, bytes, etag }) => ({ path, bytes, etag }));
  const upload = async (name: string, file: string) => from.writeFile(`bert_data/${name}`, join(local, file));
  const pathsOf = (blobs: readonly Pick<BlobInfo, 'path'>[], folder: string) =>
    blobs.map(({ path }) => path.slice(folder.length + 1)).sort();

  before(async () => {
    await sharedStack();
    mkdirSync(deps.scratch, { recursive: true });
    mkdirSync(local, { recursive: true });
    // As an editor on another system leaves it.
    writeFileSync(words, formatVocabulary(vocabulary).replaceAll('\n', '\r\n'));
    from = azure().container(convert.source.account, convert.source.container);
    to = azure().container(source.account, source.container);
    await from.ensure();
    await store();
    writeOldFiles(names.map((_, seed) => planOf(join(local, `${seed}.bin`), seed, 50 + seed)));
    for (const [seed, name] of names.entries()) await upload(name, `${seed}.bin`);
    await from.write('bert_data/512/wiki_pretrain/README.txt', 'no shard');
    await from.write('bert_data/512/wiki_pretrain/more/part_1.bin', 'in a folder below');
  });
  after(() => rmSync(local, { recursive: true, force: true }));

  it('plans the .bin files of both folders, in the order in which people count, and the same folder each time', async () => {
    const { folder, files } = await plan();
    assert.match(folder, /^data\/old\/converted\/[0-9a-f]{16}$/);
    assert.equal(files, 3);
    assert.deepEqual(await plan(), { folder, files });
    const planned = (await to.json(`${folder}/plan.json`)) as { files: { name: string; split: string }[] };
    assert.deepEqual(
      planned.files.map(({ name, split }) => [name, split]),
      [
        ['part_9.bin', 'train'],
        ['part_10.bin', 'train'],
        ['validation_set.bin', 'heldout'],
      ],
    );
    const other = await plan({ convert: { ...convert, seed: 2 } });
    assert.notEqual(other.folder, folder);
  });

  it('converts file by file in any order, then writes the manifest, and the copy into the run takes it from there', async () => {
    const { folder } = await plan();
    for (const index of [2, 0, 1]) assert.equal((await convertOne(folder, index)).reused, false);
    assert.equal(await to.info(`${folder}/manifest.json`), null);
    const made: PreparedData = await assemble(folder);
    assert.equal(made.reused, false);
    assert.match(
      made.summary,
      /^3 files of the old recipe \(0\.\d MB\) converted: 101 samples to train on, 52 held out, vocabulary 416$/,
    );
    const manifest = (await to.json(`${folder}/manifest.json`)) as DatasetManifest;
    assert.equal(manifest.contentId, made.contentId);
    assert.deepEqual(
      manifest.sets[0]?.train.shards.map(({ file, samples }) => [file, samples]),
      [
        ['seq-0024/train/part_9-00000.safetensors', 40],
        ['seq-0024/train/part_9-00001.safetensors', 11],
        ['seq-0024/train/part_10-00000.safetensors', 40],
        ['seq-0024/train/part_10-00001.safetensors', 10],
      ],
    );
    const copied = await run(dataActivities.copyData, { place: place('convert'), data, folder });
    assert.deepEqual([copied.contentId, copied.blobs], [made.contentId, 7]);
  });

  it('finds what was converted before and writes nothing of it again', async () => {
    const { folder } = await plan();
    const before = await blobsIn(folder);
    for (const index of [0, 1, 2]) assert.equal((await convertOne(folder, index)).reused, true);
    assert.equal((await assemble(folder)).reused, true);
    assert.deepEqual(await blobsIn(folder), before);
  });

  it('converts a file again, to the same bytes, where one of its shards was deleted', async () => {
    const { folder } = await plan();
    const lost = `${folder}/seq-0024/train/part_9-00001.safetensors`;
    const before = await to.sha256(lost);
    await to.remove(lost);
    assert.equal((await convertOne(folder, 0)).reused, false);
    assert.deepEqual(await to.sha256(lost), before);
  });

  it('tells how far it is, and leaves nothing in the scratch folder', async () => {
    const { folder } = await plan({ name: 'told' });
    const { heartbeats } = await observe(dataActivities.convertFile, {
      ...{ place: place('convert'), data: { ...data, name: 'told' }, folder, index: 0 },
    });
    const stages = heartbeats.map((details) => (details as { stage: string }).stage);
    for (const stage of ['download', 'convert', 'upload']) assert.ok(stages.includes(stage), stages.join());
    assert.deepEqual(readdirSync(deps.scratch), []);
    assert.deepEqual(pathsOf(await blobsIn(folder), folder), [
      ...['files/train/part_9.bin.json', 'plan.json', 'seq-0024/train/part_9-00000.safetensors'],
      ...['seq-0024/train/part_9-00001.safetensors', 'vocab.txt'],
    ]);
  });

  it('clears away what a worker that was killed had left in the scratch folder', async () => {
    const { folder } = await plan({ name: 'killed' });
    // No process has this number: Linux gives none so high.
    const left = join(deps.scratch, `.partial-${hostname()}-99999999-abcdef`);
    mkdirSync(left);
    writeFileSync(join(left, 'part.bin'), 'half a file');
    await convertOne(folder, 2, { name: 'killed' });
    assert.deepEqual(readdirSync(deps.scratch), []);
  });

  it('refuses a file that was replaced since it was planned: two versions are never mixed', async () => {
    const { folder } = await plan({ name: 'replaced' });
    await upload('512/wiki_pretrain/part_9.bin', '1.bin');
    const { type, nonRetryable, message } = await failure(convertOne(folder, 0, { name: 'replaced' }));
    assert.deepEqual({ type, nonRetryable }, { type: 'SourceChanged', nonRetryable: true });
    assert.equal(
      message,
      'old-recipe/bert_data/512/wiki_pretrain/part_9.bin was replaced since the conversion was planned; start the run again to convert the files as they are now',
    );
  });

  it('fails for good, by the sentence of the refusal, at a file that is none of the old recipe', async () => {
    await from.write('bert_data/512/wiki_pretrain/part_9.bin', 'cos\nsystem\n(S"true"\ntR.');
    const { folder } = await plan({ name: 'hostile' });
    const { type, nonRetryable, message } = await failure(convertOne(folder, 0, { name: 'hostile' }));
    await upload('512/wiki_pretrain/part_9.bin', '1.bin');
    assert.deepEqual({ type, nonRetryable }, { type: 'CorpusError', nonRetryable: true });
    assert.match(
      message,
      /^part_9\.bin is refused: at byte 0 it names os\.system, and TokenInstance, .* alone are admitted/,
    );
    assert.deepEqual(readdirSync(deps.scratch), []);
  });

  it('says where it looked and what to check where there is no file or no vocabulary', async () => {
    const nowhere = await failure(plan({ convert: { ...convert, heldOut: 'validation' } }));
    assert.deepEqual([nowhere.type, nowhere.nonRetryable], ['NoShards', true]);
    assert.equal(
      nowhere.message,
      'devstoreaccount1/old-recipe/bert_data/validation holds no .bin file; are data.convert.source and data.convert.heldOut right?',
    );
    const wordless = await failure(plan({ convert: { ...convert, vocabulary: '/nowhere/vocab.txt' } }));
    assert.deepEqual([wordless.type, wordless.nonRetryable], ['NoVocabulary', true]);
    assert.match(
      wordless.message,
      /^the vocabulary \/nowhere\/vocab\.txt cannot be read on this worker; check data\.convert\.vocabulary$/,
    );
  });
});
