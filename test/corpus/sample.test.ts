import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localFile } from '../../corpus/input/local.js';
import { openInput } from '../../corpus/input/open.js';
import { readPiece } from '../../corpus/input/read.js';
import { prepareDataset } from '../../corpus/prepare.js';
import { bertha } from '../../installation.js';
import { collect, inFolder, sharedData } from './fixture.js';

const english = 'enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2';

describe('corpus: the sample dumps', function () {
  this.timeout(120_000);
  it('gives sets of the expected size from the English excerpt: 206 pages, 100 redirects, 106 articles', () => {
    return inFolder(async (folder) => {
      const outDir = join(folder, 'out');
      const { pages, sets, vocabulary } = await prepareDataset({
        dump: bertha('data', english),
        outDir,
        name: 'enwiki-sample',
        options: { keepDisambiguation: true },
      });
      assert.deepEqual(pages, { in: 206, out: 104, skipped: { redirect: 100, short: 2 } });
      assert.equal(vocabulary.size, 2048);
      const [short, long] = sets;
      assert.ok(short && long);
      assert.ok(short.train.samples > 20_000 && short.train.samples < 40_000, `${short.train.samples}`);
      assert.ok(long.train.samples > 10_000 && long.train.samples < 20_000, `${long.train.samples}`);
      assert.ok(short.heldout.samples > 500 && long.heldout.samples > 300);
      for (const { train } of sets) assert.ok(Math.abs(train.randomNextRatio - 0.5) < 0.02);
      assert.equal((await readFile(join(outDir, 'attribution.jsonl'), 'utf8')).trim().split('\n').length, 104);
    });
  });

  it('reads the Bulgarian excerpt, which is UTF-16', async function () {
    const file = join(sharedData(this), 'bgwiki-latest-pages-articles-shortened.xml.bz2');
    const input = await openInput(await localFile(file));
    const pages = await collect(readPiece(input).pages);
    assert.deepEqual([input.encoding, input.site.name, pages.length > 0], ['utf-16le', 'Уикипедия', true]);
    assert.match(pages[0]?.text ?? '', /\p{Script=Cyrillic}{5}/u);
  });

  it('reads all 2,004 pages of the Latgalian wiki', async function () {
    const file = join(sharedData(this), 'smallwiki-latest-pages-articles.xml');
    const input = await openInput(await localFile(file));
    assert.equal((await collect(readPiece(input).pages)).length, 2004);
    assert.equal(input.site.name, 'Vikipedeja');
  });
});
