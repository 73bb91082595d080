import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { Page } from '../../../corpus/page.js';
import { localFile } from '../../../corpus/input/local.js';
import { openInput } from '../../../corpus/input/open.js';
import { InputOptionsSchema } from '../../../corpus/input/options.js';
import { readPiece } from '../../../corpus/input/read.js';
import { bzip2 } from '../bzip2/pack.js';
import { collect, inFolder, proseDump, writeDump } from '../fixture.js';
import { inMemory } from './memory.js';

async function read(
  bytes: Uint8Array | string,
  options: object = {},
): Promise<{ pages: Page[]; problems: string[]; lost: number }> {
  const { pages, damage } = readPiece(await openInput(inMemory(bytes, 1000), InputOptionsSchema.parse(options)));
  return { pages: await collect(pages), problems: damage.first.map(({ problem }) => problem), lost: damage.pages };
}

async function textsOf(bytes: Uint8Array | string, options: object = {}): Promise<string[]> {
  return (await read(bytes, options)).pages.map(({ text }) => text.trim());
}

describe('corpus: input', () => {
  const dump = proseDump(30);

  it('is told by its content, packed or not', async () => {
    const plain = await textsOf(dump);
    assert.equal(plain.length, 30);
    const multistream = Buffer.concat([bzip2(dump.slice(0, 5000)), bzip2(dump.slice(5000), 1)]);
    for (const bytes of [gzipSync(dump), bzip2(dump), multistream]) assert.deepEqual(await textsOf(bytes), plain);
    const lines = '{"text": "One."}\n\n{"text": "Two\\n\\nlines."}';
    for (const bytes of [lines, gzipSync(lines), bzip2(lines)])
      assert.deepEqual(await textsOf(bytes), ['One.', 'Two\n\nlines.']);
    const text = 'One.\nStill one.\n \t\n\nTwo.\r\n\r\nThree.';
    for (const bytes of [text, gzipSync(text), bzip2(text), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      assert.deepEqual(await textsOf(bytes), ['One.\nStill one.', 'Two.', 'Three.']);
    }
  });

  it('of JSON lines takes text, title and number from the fields it is told', async () => {
    const line = JSON.stringify({ body: 'Words.', name: 'A title', nr: 12, text: 'other' });
    const { pages } = await read(line, { textField: 'body', titleField: 'name', idField: 'nr' });
    assert.deepEqual(
      pages.map(({ id, title, text, isWikitext }) => [id, title, text, isWikitext]),
      [[12, 'A title', 'Words.', false]],
    );
  });

  it('without numbers of its own is numbered by the text, so that equal documents go together', async () => {
    const [a, b, c] = (await read('Same.\n\nOther.\n\nSame.\n')).pages.map(({ id }) => id);
    assert.ok(a === c && a !== b && Number.isSafeInteger(a));
  });

  it('of JSON lines that are none is refused or skipped, line by line', async () => {
    const lines = '{"text": "One."}\n{"text": 2}\n{"text": \n[1]\n{"text": "Five."}\n';
    await assert.rejects(
      read(lines),
      /the line at byte 17 has no field "text" that is a text; fetch .* or set input.onDamage to skip/,
    );
    const { pages, lost, problems } = await read(lines, { onDamage: 'skip' });
    assert.deepEqual([pages.map(({ text }) => text), lost], [['One.', 'Five.'], 3]);
    assert.match(problems.join('\n'), /byte 29 is no JSON object\n.*byte 39 is no JSON object/);
  });

  it('packed with gzip that is damaged or cut off is refused with the byte', async () => {
    const packed = gzipSync(dump);
    await assert.rejects(read(packed.subarray(0, -20)), /its gzip data at byte \d+ is damaged or cut off/);
    const flipped = Buffer.from(packed);
    flipped.writeUInt8(flipped.readUInt8(300) ^ 16, 300);
    await assert.rejects(read(flipped), /its gzip data at byte \d+ is damaged or cut off/);
    const strange = Buffer.concat([gzipSync('One.\n\n'), Buffer.from('not gzip')]);
    for (const chunk of [1, 7, 1000]) {
      const reading = openInput(inMemory(strange, chunk)).then((input) => collect(readPiece(input).pages));
      await assert.rejects(reading, /its gzip data at byte \d+ (is damaged|follows the end of the data)/);
    }
  });

  it('packed with bzip2 that is cut off anywhere is refused with the byte', async () => {
    const packed = bzip2(dump, 1);
    for (const end of [100, 1000, packed.length - 1]) {
      await assert.rejects(
        read(packed.subarray(0, end)),
        /is damaged or cut off: its bzip2 data at byte \d+ is cut off/,
      );
    }
  });

  it('packed with bzip2 of which a block is damaged gives the pages before and behind it if asked', async () => {
    const long = proseDump(900);
    const packed = bzip2(long, 1);
    const damaged = Buffer.from(packed);
    const middle = packed.length >> 1;
    damaged.writeUInt8(damaged.readUInt8(middle) ^ 1, middle);
    await assert.rejects(read(damaged), /its bzip2 data at byte \d+ is damaged/);
    const { pages, lost, problems } = await read(damaged, { onDamage: 'skip' });
    const ids = pages.map(({ id }) => id);
    assert.ok(ids[0] === 1 && ids.at(-1) === 900 && new Set(ids).size === ids.length, `${ids.length}`);
    assert.equal(lost, 1, 'the page that went on in the damaged block was begun');
    assert.deepEqual(problems.length, 2);
    const all = (await read(packed)).pages;
    for (const page of pages) assert.equal(page.text, all[page.id - 1]?.text);
  });

  it('is a file that does not change while it is read', () =>
    inFolder(async (folder) => {
      const file = await writeDump(folder, dump);
      const source = await localFile(file);
      await writeDump(folder, dump + dump);
      await assert.rejects(openInput(source), /has changed while it was read/);
      await assert.rejects(localFile(folder), /is no file/);
      await assert.rejects(localFile(`${file}.not`), /cannot be read \(ENOENT\)/);
    }));
});
