import assert from 'node:assert/strict';
import { readDump } from '../../corpus/pages.js';
import type { Page } from '../../corpus/page.js';
import { collect, dumpXml } from './fixture.js';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function pagesOf(xml: string | Buffer, chunk = 1 << 16): Promise<Page[]> {
  return collect((await readDump(inChunks(Buffer.from(xml), chunk), 'test.xml')).pages);
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
    const { site } = await readDump(inChunks(Buffer.from(two), 100), 'test.xml');
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

  it('in UTF-16 are refused with the way to convert them, with or without a byte order mark', async () => {
    const bytes = Buffer.from(two, 'utf16le');
    const expected = /encoded in UTF-16LE, but only UTF-8 is read.*iconv -f UTF-16LE/;
    await assert.rejects(pagesOf(bytes), expected);
    await assert.rejects(pagesOf(Buffer.concat([Buffer.from([0xff, 0xfe]), bytes])), expected);
    await assert.rejects(pagesOf(Buffer.from(bytes).swap16()), /UTF-16BE/);
  });

  it('that are not UTF-8 inside are refused with page and byte', async () => {
    const bytes = Buffer.from(two);
    bytes[bytes.indexOf('“')] = 0xff;
    await assert.rejects(pagesOf(bytes), /page 7 .* at byte \d+ of the XML holds bytes that are not UTF-8/);
  });

  it('are not looked for in a file that is no dump', async () => {
    await assert.rejects(pagesOf('{"hello": 1}'), /not a Wikipedia dump/);
    await assert.rejects(pagesOf(''), /not a Wikipedia dump/);
  });
});
