import assert from 'node:assert/strict';
import { manifestFile } from '../../../corpus/manifest.js';
import type { BlobContainer } from '../../../azure/blob.js';
import { bzip2 } from '../../corpus/bzip2/pack.js';
import { smallDump } from '../../e2e/small-config.js';
import { dataActivities } from '../support/deps.js';
import { failure, run } from '../support/run.js';
import { hashesIn, prepareAll, requestOf, sourceStore, writeBeside } from './support/preparing.js';
import { startWebServer } from './support/web-server.js';

/** A multistream dump: its header, then streams of twenty pages. */
const [header = '', ...pages] = smallDump().split(/(?=<page>)/);
const streams = [header, ...[0, 1, 2].map((n) => pages.slice(20 * n, 20 * n + 20).join(''))].map((xml) => bzip2(xml));
const dump = Buffer.concat(streams);
const linesWith = (shift: number, pageShift = 0): string =>
  pages
    .map((_, page) => {
      const before = streams.slice(0, 1 + Math.floor(page / 20));
      return `${Buffer.concat(before).length + shift}:${page + 1 + pageShift}:Page: ${page + 1}\n`;
    })
    .join('');

describe('activities: a preparation of a multistream dump with its index', function () {
  this.timeout(30_000);
  let source: BlobContainer;
  let file: string;

  before(async () => {
    source = await sourceStore();
    file = writeBeside('multistream.xml.bz2', dump);
  });
  const planned = (name: string, index: string) =>
    run(dataActivities.planPreparation, requestOf(name, { dump: file, index }));

  it('comes to the shards that it gives without, wherever the index lies', async () => {
    const plain = await prepareAll(requestOf('index-none', { dump: file }));
    const expected = await hashesIn(source, plain.folder);
    const index = bzip2(linesWith(0));
    await source.write('dumps/index.txt.bz2', index);
    const web = await startWebServer(index);
    const named = {
      file: writeBeside('index.txt.bz2', index),
      text: writeBeside('index.txt', linesWith(0)),
      blob: `blob:${source.account}/${source.name}/dumps/index.txt.bz2`,
      web: web.url,
    };
    for (const [how, index] of Object.entries(named)) {
      const { folder } = await prepareAll(requestOf(`index-${how}`, { dump: file, index }));
      assert.deepEqual(await hashesIn(source, folder), expected, how);
      const { createdFrom } = (await source.json(`${folder}/${manifestFile}`)) as { createdFrom: { index: object } };
      assert.ok('bytes' in createdFrom.index, 'the manifest says by what the pages were checked');
    }
    await web.close();
  });

  it('is refused when it is planned where the index names places that are no streams', async () => {
    const { type, nonRetryable, message } = await failure(
      planned('index-shifted', writeBeside('shifted.txt', linesWith(1))),
    );
    assert.deepEqual([type, nonRetryable], ['CorpusError', true]);
    assert.match(
      message,
      /shifted\.txt is not the index of .*multistream\.xml\.bz2: no stream starts at byte \d+ of it, where page 1 should be; take both of the same date\.$/,
    );
  });

  it('is refused at the first piece whose pages are others than the index names', async () => {
    const what = requestOf('index-others', { dump: file, index: writeBeside('others.txt', linesWith(0, 7)) });
    const { inputs } = await run(dataActivities.planPreparation, what);
    const task = { stage: 'text', number: 0 } as const;
    const { nonRetryable, message } = await failure(run(dataActivities.prepareTask, { ...what, inputs, task }));
    assert.equal(nonRetryable, true);
    assert.match(
      message,
      /^The index does not fit .*: between bytes 0 and \d+ it names 60 pages from page 8 on, but 60 were read, from page 1 on/,
    );
  });

  it('says of an index that is not there which field names it', async () => {
    const { type, message } = await failure(planned('index-absent', '/no/such/index.txt.bz2'));
    assert.deepEqual(
      [type, message],
      ['NoDump', 'the index /no/such/index.txt.bz2 cannot be read on this worker; check data.prepare.index'],
    );
    const missing = await failure(planned('index-gone', `blob:${source.account}/${source.name}/dumps/none.bz2`));
    assert.match(missing.message, /^the index dumps\/none\.bz2 does not exist in .*; check data\.prepare\.index$/);
  });
});
