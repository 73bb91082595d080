import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Input, Piece } from '../../../corpus/input/input.js';
import { localFile } from '../../../corpus/input/local.js';
import { openInput } from '../../../corpus/input/open.js';
import { InputOptionsSchema } from '../../../corpus/input/options.js';
import { planPieces } from '../../../corpus/input/pieces.js';
import { readPiece } from '../../../corpus/input/read.js';
import { createRandom } from '../random.js';
import { bzip2 } from '../bzip2/pack.js';
import { collect, dumpXml, prose, sharedData } from '../fixture.js';
import { inMemory } from './memory.js';

const random = createRandom(20_231);

/** What a piece gives, each page as a line. */
async function linesOf(input: Input, pieces: readonly Piece[]): Promise<string[]> {
  const lines: string[] = [];
  for (const piece of pieces) {
    for await (const { id, title, text } of readPiece(input, piece).pages)
      lines.push(`${id} ${title} ${text.length} ${text.slice(-20)}`);
  }
  return lines;
}

async function openBytes(bytes: Uint8Array | string, chunk = 1 << 16, options: object = {}): Promise<Input> {
  return openInput(inMemory(bytes, chunk), InputOptionsSchema.parse(options));
}

/** The input gives the same in pieces of each of these sizes as it does whole. */
async function assertSame(input: Input, sizes: readonly number[]): Promise<void> {
  const whole = await linesOf(input, [{ from: 0, to: input.source.bytes }]);
  assert.ok(whole.length > 0);
  for (const size of sizes) {
    const pieces = await planPieces(input, size);
    assert.deepEqual([pieces[0]?.from, pieces.at(-1)?.to], [0, input.source.bytes]);
    pieces.forEach(({ to }, index) => assert.equal(pieces[index + 1]?.from ?? input.source.bytes, to));
    assert.deepEqual(await linesOf(input, pieces), whole, `pieces of ${size} bytes`);
  }
}

const pages = Array.from({ length: 40 }, (_, n) => ({ id: n + 1, text: prose(n, 1 + (n % 9)) }));
const xml = dumpXml(pages);
const sizesBelow = (bytes: number, count: number): number[] =>
  Array.from({ length: count }, () => 1 + Math.floor(random() ** 2 * bytes));

describe('corpus: pieces of an input', function () {
  this.timeout(30_000);

  it('of plain XML give together what the whole gives, wherever it is cut', async () => {
    await assertSame(await openBytes(xml), [1, 2, 3, 17, ...sizesBelow(xml.length, 30)]);
  });

  it('of packed XML give together what the whole gives, wherever it is cut', async () => {
    const packed = bzip2(dumpXml(Array.from({ length: 900 }, (_, n) => ({ id: n, text: prose(n, 12) }))), 1);
    await assertSame(await openBytes(packed), [900, ...sizesBelow(packed.length, 2)]);
    const multistream = Buffer.concat([bzip2(xml.slice(0, 700)), bzip2(xml.slice(700, 3001)), bzip2(xml.slice(3001))]);
    await assertSame(await openBytes(multistream), [9, ...sizesBelow(multistream.length, 12)]);
  });

  it('of JSON lines give together what the whole gives, wherever they are cut', async () => {
    const lines = pages
      .map(({ text }, n) => `${JSON.stringify({ text: `${n} ${text}` })}\n${'\n'.repeat(n % 3)}`)
      .join('');
    await assertSame(await openBytes(lines), [1, 2, 3, ...sizesBelow(lines.length, 30)]);
    await assertSame(await openBytes(bzip2(lines, 1)), [50, 200]);
  });

  it('of plain text give together what the whole gives, wherever it is cut, in blank lines too', async () => {
    const blanks = ['\n\n', '\n \n', '\n\n\n\n', '\r\n\r\n', '\n\t\n \n\n'];
    const text = `\n\n${pages.map(({ text }, n) => `${n} ${text.replaceAll('. ', '.\n')}${blanks[n % blanks.length]}`).join('')}`;
    await assertSame(await openBytes(text), [1, 2, 3, ...sizesBelow(text.length, 30)]);
    await assertSame(await openBytes(bzip2(text, 1)), [50, 200]);
  });

  it('are one piece where the input cannot be cut', async () => {
    for (const bytes of [gzipSync(xml), Buffer.from(`\ufeff${xml}`, 'utf16le')]) {
      const input = await openBytes(bytes);
      assert.deepEqual(await planPieces(input, 100), [{ from: 0, to: bytes.length }]);
      assert.equal((await linesOf(input, await planPieces(input, 100))).length, 40);
    }
  });

  it('tell a damaged block once, and lose the same pages however they are cut', async () => {
    const packed = bzip2(dumpXml(Array.from({ length: 900 }, (_, n) => ({ id: n, text: prose(n, 12) }))), 1);
    packed.writeUInt8(packed.readUInt8(packed.length >> 1) ^ 1, packed.length >> 1);
    const input = await openBytes(packed, 1 << 16, { onDamage: 'skip' });
    const told = async (pieces: readonly Piece[]): Promise<unknown> => {
      const all = { stretches: 0, pages: 0, read: 0 };
      for (const piece of pieces) {
        const { pages, damage } = readPiece(input, piece);
        all.read += (await collect(pages)).length;
        all.stretches += damage.stretches;
        all.pages += damage.pages;
      }
      return all;
    };
    const whole = await told([{ from: 0, to: packed.length }]);
    assert.deepEqual({ ...(whole as object), read: 0 }, { stretches: 1, pages: 1, read: 0 });
    for (const size of [1000, 5000, packed.length / 3])
      assert.deepEqual(await told(await planPieces(input, size)), whole);
  });

  it('of the sample dumps give together what the whole gives', async function () {
    this.timeout(60_000);
    const folder = sharedData(this);
    const files = (await readdir(folder)).filter((name) => name.includes('.xml'));
    assert.equal(files.length, 5);
    for (const name of files) {
      const source = await localFile(join(folder, name));
      await assertSame(
        await openInput(source),
        sizesBelow(source.bytes / 4, 2).map((size) => size + source.bytes / 10),
      );
    }
  });
});
