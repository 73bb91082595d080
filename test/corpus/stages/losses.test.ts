import assert from 'node:assert/strict';
import { finished } from '../../../corpus/stages/tasks.js';
import { dumpXml, inFolder, proseDump, prose, writeDump } from '../fixture.js';
import { options } from '../prepared.js';
import { inProcess, runStages, share } from './workers.js';

async function preparedFrom(folder: string, xml: string, extra: object = {}) {
  const shared = await share(folder, await writeDump(folder, xml), { ...options, ...extra });
  await runStages(shared.plan, [await inProcess(shared)]);
  const quality = Buffer.from((await shared.out.read('quality.md')) ?? '').toString();
  return { shared, quality, manifest: await finished(shared.out) };
}

describe('corpus: what a quality report says of losses', function () {
  this.timeout(20_000);
  const skip = { input: { onDamage: 'skip' } };

  it('names every damaged page that was passed over, with its byte, and no path of the worker', () =>
    inFolder(async (folder) => {
      const xml = proseDump(40)
        .replace('<title>Page 7</title>', '<title>Page | 7</title>')
        .replace('<id>7</id>', '<id>seven</id>')
        .replace(/(<id>30<\/id>[^]*?)<\/page>/, '$1');
      const { quality, manifest, shared } = await preparedFrom(folder, xml, skip);
      assert.deepEqual(manifest?.pages.skipped, { damaged: 2 });
      assert.equal(manifest?.pages.in, manifest.pages.out + 2);
      assert.ok(shared.plan.pieces.length > 2, 'also pages behind the first piece');
      const [first, second] = [xml.indexOf('<page><title>Page | 7'), xml.indexOf('<page><title>Page 30')];
      assert.match(quality, /2 pages were begun and could not be used: they are counted above as skipped/);
      assert.match(quality, new RegExp(`- the input: page .* at byte ${first} has no title or no id\\n`));
      assert.match(quality, new RegExp(`- the input: page 30 .* at byte ${second} holds the start of another one\\n`));
      assert.ok(!quality.includes(folder), 'the path of the input is the worker’s own');
    }));

  it('names the end that is missing', () =>
    inFolder(async (folder) => {
      const { quality } = await preparedFrom(folder, proseDump(40).slice(0, -40), skip);
      assert.match(quality, /- the input is cut off inside page 40 .*, which starts at byte \d+\n/);
    }));

  it('says nothing of damage where there is none, nor of ids where each page has its own', () =>
    inFolder(async (folder) => {
      const { quality } = await preparedFrom(folder, proseDump(40), skip);
      assert.doesNotMatch(quality, /## Damage|## Repeated ids|## Near duplicates/);
    }));

  it('counts the pages whose id is another one’s too, and keeps them', () =>
    inFolder(async (folder) => {
      const pages = Array.from({ length: 40 }, (_, n) => ({ id: n + 1, text: prose(n + 1, 12) }));
      const again = [3, 3, 9].map((id, n) => ({ id, text: prose(500 + n, 12) }));
      const { quality, manifest } = await preparedFrom(folder, dumpXml([...pages, ...again]));
      assert.deepEqual(manifest?.pages, { in: 43, out: 43, skipped: {} });
      assert.match(quality, /## Repeated ids\n\n5 pages share 2 ids\. All are kept\./);
      assert.match(quality, /\n- 3\n- 9\n/);
    }));
});
