import assert from 'node:assert/strict';
import type { Page } from '../../../corpus/page.js';
import { openInput } from '../../../corpus/input/open.js';
import { InputOptionsSchema } from '../../../corpus/input/options.js';
import { readPiece } from '../../../corpus/input/read.js';
import { collect, dumpXml } from '../fixture.js';
import { inMemory } from './memory.js';

async function pagesOf(xml: string | Buffer, chunk = 1 << 16): Promise<Page[]> {
  return collect(readPiece(await openInput(inMemory(Buffer.from(xml), chunk, 'test.xml'))).pages);
}

/** Pages and problems of a dump of which what is damaged is skipped. */
async function readSkipping(xml: string | Buffer): Promise<{ ids: number[]; problems: string[]; lost: number }> {
  const options = InputOptionsSchema.parse({ onDamage: 'skip' });
  const { pages, damage } = readPiece(await openInput(inMemory(Buffer.from(xml), 100, 'test.xml'), options));
  const ids = (await collect(pages)).map(({ id }) => id);
  return { ids, problems: damage.first.map(({ problem }) => problem), lost: damage.pages };
}

const two = dumpXml([
  { id: 7, title: 'Rock &amp; roll', text: 'A <ref>b</ref> & “c”' },
  { id: 8, text: '#REDIRECT [[Rock]]', redirect: true, ns: 1 },
]);

describe('corpus: pages of a dump', () => {
  it('are read with id, revision, title, namespace and decoded text', async () => {
    const [first, second] = await pagesOf(two);
    assert.deepEqual(
      { ...first, offset: 0 },
      {
        id: 7,
        revision: 700,
        namespace: 0,
        title: 'Rock & roll',
        redirect: false,
        text: 'A <ref>b</ref> & “c”',
        isWikitext: true,
        offset: 0,
      },
    );
    assert.equal(second?.redirect, true);
    assert.equal(second?.namespace, 1);
  });

  it('are the same however the bytes are cut into chunks', async () => {
    const whole = await pagesOf(two);
    for (const size of [1, 5, 33]) assert.deepEqual(await pagesOf(two, size), whole);
  });

  it('never carry the name of a contributor', async () => {
    assert.doesNotMatch(JSON.stringify(await pagesOf(two)), /Jane Editor/);
  });

  it('know their place in the XML', async () => {
    const bytes = Buffer.from(two);
    for (const { offset } of await pagesOf(two)) assert.equal(bytes.toString('utf8', offset, offset + 6), '<page>');
  });

  it('give the newest of several revisions', async () => {
    const xml =
      '<page><title>T</title><id>1</id><revision><id>5</id><text>old</text></revision><revision><id>6</id><text>new</text></revision></page>';
    const [page] = await pagesOf(xml);
    assert.deepEqual([page?.revision, page?.text], [6, 'new']);
  });

  it('use the names that the header gives to namespaces', async () => {
    const { site } = await openInput(inMemory(two, 100));
    assert.ok(site.filePrefixes.has('datei') && site.filePrefixes.has('file'));
    assert.deepEqual([site.name, site.base], ['Test', 'https://test.example/Main']);
  });

  it('that end too early are refused with page and byte', async () => {
    const cut = two.slice(0, two.indexOf('#REDIRECT'));
    await assert.rejects(pagesOf(cut), /cut off inside page 8 \("Page 8"\), which starts at byte \d+/);
  });

  it('that end between two pages are refused when the closing tag is missing', async () => {
    const cut = two.slice(0, two.lastIndexOf('<page>'));
    await assert.rejects(pagesOf(cut), /cut off after page 7 \("Rock & roll"\), at byte \d+/);
  });

  it('in UTF-16 are the same, by byte order mark or declaration', async () => {
    const whole = (await pagesOf(two)).map(({ offset: _, ...page }) => page);
    for (const swap of [false, true]) {
      const encode = (text: string): Buffer =>
        swap ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'utf16le');
      for (const xml of [encode(`\ufeff${two}`), encode(`<?xml version="1.0" encoding="UTF-16"?>\n${two}`)]) {
        for (const chunk of [1, 7, 1000]) {
          assert.deepEqual(
            (await pagesOf(xml, chunk)).map(({ offset: _, ...page }) => page),
            whole,
          );
        }
      }
    }
  });

  it('in UTF-16 that nothing declares are refused with what to do, and read where the options say so', async () => {
    const bytes = Buffer.from(two, 'utf16le');
    await assert.rejects(
      pagesOf(bytes),
      /looks like UTF-16LE from byte 0 on, but has neither .* set input.encoding to utf-16le/,
    );
    await assert.rejects(pagesOf(Buffer.from(bytes).swap16()), /UTF-16BE/);
    const options = InputOptionsSchema.parse({ encoding: 'utf-16le' });
    assert.equal((await collect(readPiece(await openInput(inMemory(bytes), options)).pages)).length, 2);
  });

  it('in UTF-16 that is broken inside are refused with page and byte', async () => {
    const bytes = Buffer.from(two.replace('“', '\ud800'), 'utf16le');
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]);
    await assert.rejects(pagesOf(marked), /page 7 .* at byte \d+ as UTF-8 holds bytes that are no text/);
    assert.deepEqual((await readSkipping(marked)).ids, [8]);
  });

  it('that are not UTF-8 inside are refused with page and byte', async () => {
    const bytes = Buffer.from(two);
    bytes[bytes.indexOf('“')] = 0xff;
    await assert.rejects(pagesOf(bytes), /page 7 .* at byte \d+ holds bytes that are no text/);
  });

  it('that are damaged are skipped and told if asked, and no other is lost', async () => {
    const xml = dumpXml([1, 2, 3, 4, 5, 6].map((id) => ({ id, text: `Text ${id}.` })));
    const damaged = Buffer.from(
      xml
        .replace('<title>Page 2</title>', '')
        .replace(/<\/page>(\s*<page><title>Page 4)/, '$1')
        .replace('Text 5.', 'Text \u00ff.'),
      'utf8',
    );
    damaged[damaged.indexOf('ÿ')] = 0xff;
    const { ids, problems, lost } = await readSkipping(damaged.subarray(0, damaged.indexOf('Text 6')));
    assert.deepEqual([ids, lost], [[1, 4], 4]);
    const faults = [
      /page 2 \("\?"\) at byte \d+ has no title or no id/,
      /page 3 \("Page 3"\) at byte \d+ holds the start of another one/,
      /page 5 \("Page 5"\) at byte \d+ holds bytes that are no text/,
      /cut off inside page 6 \("Page 6"\), which starts at byte \d+/,
      /<\/mediawiki> is missing/,
    ];
    assert.equal(problems.length, faults.length);
    faults.forEach((fault, index) => assert.match(problems[index] ?? '', fault));
  });

  it('are not looked for in a file that is no dump', async () => {
    await assert.rejects(pagesOf('<html><body>x</body></html>'), /test.xml is not a Wikipedia dump/);
    await assert.rejects(pagesOf(''), /is empty/);
    await assert.rejects(pagesOf(Buffer.from([1, 2, 0, 0, 3, 4])), /neither a Wikipedia dump nor text/);
    await assert.rejects(pagesOf(Buffer.from('fd377a585a000001', 'hex')), /packed with xz, which is not read here/);
    await assert.rejects(pagesOf('[{"text": "a"}]'), /is one JSON array/);
  });
});
