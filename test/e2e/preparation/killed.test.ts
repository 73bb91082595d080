import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { connectAzure } from '../../../azure/connection.js';
import type { BlobContainer } from '../../../azure/blob.js';
import { BerthaClient } from '../../../client.js';
import { type DatasetManifest, prepareDataset } from '../../../corpus/prepare.js';
import { bertha } from '../../../installation.js';
import { type Stack, startStack } from '../../../stack/stack.js';
import { bundleOptions } from '../../../temporal/bundle-options.js';
import { temporalTarget } from '../../../temporal/connection.js';
import { smallConfig, smallDump } from '../small-config.js';
import { datasetOf, deadStages } from './deaths.js';

const STACK = 'e2e-data';
const options = { vocabulary: { trainSize: 256 }, sequenceLengths: [16], nearDuplicates: { likeness: 0.9 } };

describe('e2e: preparations whose worker is killed', function () {
  this.timeout(120_000);
  let stack: Stack;
  let client: BerthaClient;
  let source: BlobContainer;
  let folder: string;
  let alone: DatasetManifest;
  const dump = bertha('stacks', STACK, 'dump.xml');
  const { data, azure, storage } = smallConfig('killed', dump);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bertha-killed-'));
    stack = await startStack({ name: STACK, fresh: true, worker: false });
    mkdirSync(stack.places.folder, { recursive: true });
    writeFileSync(dump, smallDump());
    process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
    const { code } = await bundleWorkflowCode({
      ...bundleOptions(fileURLToPath(new URL('../../../workflows/index.js', import.meta.url))),
      workflowInterceptorModules: [fileURLToPath(new URL('./impatient.js', import.meta.url))],
      logger: new DefaultLogger('ERROR'),
    });
    writeFileSync(bertha('stacks', STACK, 'workflows.js'), code);
    client = await BerthaClient.connect(temporalTarget(STACK));
    const { account = '', container = '' } = data.source;
    source = connectAzure(azure).container(account, container);
    alone = await prepareDataset({ dump, outDir: folder, name: 'alone', options });
  });
  after(async () => {
    await client?.close();
    await stack?.stop();
    delete process.env['BERTHA_CLOUDS_DIR'];
    rmSync(folder, { recursive: true, force: true });
  });

  it('comes to the same bytes after a kill -9 of a Temporal worker in the midst of every stage', async () => {
    const script = fileURLToPath(new URL('./mortal-worker.js', import.meta.url));
    await stack.startWorker(script);

    const works = await Promise.all(
      deadStages.map((stage) => {
        const name = datasetOf(stage);
        const place = { run: `data-${name}`, azure, storage };
        const request = { place, data: { ...data, name, prepare: { dump, options } } };
        return client.workOnData({ action: 'prepare', request });
      }),
    );
    await stack.workerExit();

    assert.deepEqual(
      readFileSync(bertha('stacks', STACK, 'died'), 'utf8')
        .split('\n')
        .sort(),
      [...deadStages].sort(),
    );
    assert.equal((await source.list('data/')).filter(({ path }) => path.endsWith('manifest.json')).length, 0);
    await stack.startWorker(script);

    const results = await Promise.all(works.map((work) => work.result()));

    for (const [index, result] of results.entries()) {
      assert.ok(result.action === 'prepare');
      assert.equal(result.prepared.contentId, alone.contentId, deadStages[index]);
      assert.deepEqual(await found(result.prepared.folder), expected(), deadStages[index]);
    }
    assert.deepEqual(
      (await source.list('data/')).filter(({ path }) => path.includes('/unfinished/')),
      [],
    );
  });

  const shards = () => alone.sets.flatMap(({ train, heldout }) => [...train.shards, ...heldout.shards]);
  const files = () => ['vocab.txt', 'attribution.jsonl', ...shards().map(({ file }) => file)];
  const expected = () =>
    files().map((file) =>
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    );
  const found = (where: string) =>
    Promise.all(files().map(async (file) => (await source.sha256(`${where}/${file}`)).sha256));
});
