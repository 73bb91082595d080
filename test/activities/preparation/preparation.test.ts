import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { BlobContainer } from '../../../azure/blob.js';
import { manifestFile, parseManifest } from '../../../corpus/manifest.js';
import type { Stage } from '../../../corpus/stages/tasks.js';
import { STAGES, tasksIn } from '../../../domain/preparation.js';
import { smallDump } from '../../e2e/small-config.js';
import { azure, config, dataActivities, deps, place } from '../support/deps.js';
import { failure, observe, run } from '../support/run.js';
import { sharedStack } from '../support/stack.js';

describe('activities: a preparation in pieces', function () {
  this.timeout(60_000);
  let source: BlobContainer;
  const dump = `${deps.scratch}.pieces.xml`;
  const request = (name: string, changes: object = {}) => {
    const { data } = config('pieces');
    const prepare = { dump, options: { vocabulary: { trainSize: 256 }, sequenceLengths: [16] }, ...changes };
    return { place: place('pieces'), data: { ...data, name, prepare } };
  };

  before(async () => {
    await sharedStack();
    mkdirSync(deps.scratch, { recursive: true });
    writeFileSync(dump, smallDump());
    const { account = '', container = '' } = config('pieces').data.source;
    source = azure().container(account, container);
  });

  async function all(what: ReturnType<typeof request>) {
    const outline = await run(dataActivities.planPreparation, what);
    const { inputs } = outline;
    let [groups, last] = [0, null as Awaited<ReturnType<typeof dataActivities.prepareTask>> | null];
    for (const stage of STAGES) {
      for (let number = 0; number < tasksIn(stage, outline, groups); number++) {
        last = await run(dataActivities.prepareTask, { ...what, inputs, task: { stage, number } });
        groups = Math.max(groups, last.groups);
      }
    }
    return { outline, prepared: last?.prepared };
  }

  it('makes the dataset in the source container, named by what it is made from, and leaves no intermediate file', async () => {
    const { outline, prepared } = await all(request('pieces'));
    assert.equal(outline.prepared, null);
    assert.equal(prepared?.folder, `data/pieces/${outline.inputs}`);
    assert.match(prepared.summary, /^60 of 60 pages, [\d,]+ samples of 16 tokens, vocabulary \d+$/);
    const blobs = (await source.list('data/pieces/')).map(({ path }) => path);
    const names = ['attribution.jsonl', 'manifest.json', 'quality.md', 'seq-0016/heldout/shard-00000.safetensors'];
    assert.deepEqual(
      blobs.slice(0, 4),
      names.map((name) => `${prepared.folder}/${name}`),
    );
    assert.ok(blobs.every((path) => path.startsWith(`${prepared.folder}/`)));
    const manifest = parseManifest((await source.text(`${prepared.folder}/${manifestFile}`)) ?? '', 'it');
    assert.equal(manifest.contentId, prepared.contentId);
  });

  it('finds what equal inputs gave, also by another name of the file, and says what it would do without doing it', async () => {
    const copy = `${dump}.copy`;
    writeFileSync(copy, readFileSync(dump));
    const before = await source.list('');
    const { prepared } = await run(
      dataActivities.planPreparation,
      request('pieces', { dump: copy, options: request('pieces').data.prepare.options }),
    );
    assert.equal(prepared?.reused, true);
    const options = { ...request('pieces').data.prepare.options, seed: 9 };
    const outline = await run(dataActivities.lookAtPreparation, request('pieces', { options }));
    assert.deepEqual([outline.prepared, outline.pieces], [null, 1]);
    assert.deepEqual(await source.list(''), before);
  });

  it('reads a dump that lies in Blob storage, to the same shards', async () => {
    await source.writeFile('dumps/small.xml', dump);
    const path = `blob:${source.account}/${source.name}/dumps/small.xml`;
    const { prepared } = await all(request('from-blob', { dump: path }));
    const shard = 'seq-0016/train/shard-00000.safetensors';
    const [here] = (await source.list('data/pieces/')).filter((blob) => blob.path.endsWith(shard));
    assert.deepEqual(await source.sha256(`${prepared?.folder}/${shard}`), await source.sha256(here?.path ?? ''));
  });

  it('notices that the dump in Blob storage was replaced, for good', async () => {
    await source.writeFile('dumps/changing.xml', dump);
    const what = request('changing', { dump: `blob:${source.account}/${source.name}/dumps/changing.xml` });
    const { inputs } = await run(dataActivities.planPreparation, what);
    await source.write('dumps/changing.xml', smallDump(30));
    const task = { stage: 'text' as Stage, number: 0 };
    const { type, nonRetryable } = await failure(run(dataActivities.prepareTask, { ...what, inputs, task }));
    assert.deepEqual({ type, nonRetryable }, { type: 'DumpReplaced', nonRetryable: true });
  });

  it('tells how far a task is, and leaves nothing in the scratch folder', async () => {
    const what = request('telling');
    const { inputs } = await run(dataActivities.planPreparation, what);
    const task = { stage: 'text' as Stage, number: 0 };
    const { heartbeats } = await observe(dataActivities.prepareTask, { ...what, inputs, task });
    assert.deepEqual(heartbeats[0], { activity: 'prepare', ...task });
    assert.deepEqual(readdirSync(deps.scratch), []);
  });

  it('says of a dump that is cut off what is wrong, once and for all', async () => {
    writeFileSync(`${dump}.cut`, smallDump().slice(0, -60));
    const what = request('cut', { dump: `${dump}.cut` });
    const { inputs } = await run(dataActivities.planPreparation, what);
    const failed = await failure(
      run(dataActivities.prepareTask, { ...what, inputs, task: { stage: 'text', number: 0 } }),
    );
    assert.deepEqual([failed.type, failed.nonRetryable], ['CorpusError', true]);
    assert.match(failed.message, new RegExp(`${basename(dump)}\\.cut is cut off inside page 60`));
  });
});
