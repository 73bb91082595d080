import assert from 'node:assert/strict';
import type { Piece } from '../../../corpus/input/input.js';
import { openInput } from '../../../corpus/input/open.js';
import { InputOptionsSchema } from '../../../corpus/input/options.js';
import { planPieces } from '../../../corpus/input/pieces.js';
import { readPiece } from '../../../corpus/input/read.js';
import { bzip2 } from '../bzip2/pack.js';
import { collect, dumpXml, prose } from '../fixture.js';
import { inMemory } from './memory.js';

const [header, ...elements] = dumpXml(
  Array.from({ length: 30 }, (_, n) => ({ id: n + 1, title: `Title: ${n}`, text: prose(n, 5) })),
).split(/(?=<page>)/);
const streams = [header ?? '', ...[0, 1, 2].map((n) => elements.slice(n * 10, n * 10 + 10).join(''))].map((xml) =>
  bzip2(xml),
);
const dump = Buffer.concat(streams);
const offsets = [1, 2, 3].map((n) => Buffer.concat(streams.slice(0, n)).length);
const lines = (at: readonly number[]): string =>
  at
    .flatMap((offset, n) => Array.from({ length: 10 }, (_, page) => `${offset}:${n * 10 + page + 1}:Title: x\n`))
    .join('');

async function plan(index: string | Buffer, pieceBytes = 1, source = dump): Promise<Piece[]> {
  return planPieces(await openInput(inMemory(source, 100, 'dump')), pieceBytes, inMemory(index, 100, 'index'));
}

describe('corpus: the index of a multistream dump', () => {
  const pieces = [
    { from: 0, to: offsets[1], pages: { count: 10, first: 1 } },
    { from: offsets[1], to: offsets[2], pages: { count: 10, first: 11 } },
    { from: offsets[2], to: dump.length, pages: { count: 10, first: 21 } },
  ];

  it('cuts the dump where streams start, with the pages that each piece holds', async () => {
    assert.deepEqual(await plan(lines(offsets)), pieces);
    assert.deepEqual(await plan(bzip2(lines(offsets))), pieces);
    const [whole] = await plan(lines(offsets), dump.length);
    assert.deepEqual(whole, { from: 0, to: dump.length, pages: { count: 30, first: 1 } });
  });

  it('is compared with what is read', async () => {
    const input = await openInput(inMemory(dump, 100, 'dump'));
    const ids: number[] = [];
    for (const piece of await plan(lines(offsets)))
      for (const { id } of await collect(readPiece(input, piece).pages)) ids.push(id);
    assert.deepEqual(
      ids,
      Array.from({ length: 30 }, (_, n) => n + 1),
    );
    const other = lines(offsets).replace(/\d+:11:.*\n/, '');
    const [, second] = await plan(other);
    const misfit =
      /index does not fit dump: between bytes \d+ and \d+ it names 9 pages from page 12 on, but 10 were read, from page 11 on/;
    await assert.rejects(collect(readPiece(input, second as Piece).pages), misfit);
    const skipping = await openInput(inMemory(dump), InputOptionsSchema.parse({ onDamage: 'skip' }));
    const { pages, damage } = readPiece(skipping, second);
    assert.equal((await collect(pages)).length, 10);
    assert.equal(damage.stretches, 1);
  });

  it('that does not fit is refused with the place', async () => {
    const shifted = offsets.map((offset) => offset + 1);
    await assert.rejects(
      plan(lines(shifted)),
      /index is not the index of dump: no stream starts at byte \d+ of it, where page 1 should be/,
    );
    await assert.rejects(
      plan(lines([offsets[0] ?? 0, dump.length + 5])),
      /no stream starts at byte \d+ of it, where page 11/,
    );
    await assert.rejects(plan(lines([offsets[1] ?? 0, offsets[0] ?? 0])), /no stream starts at byte \d+/);
    await assert.rejects(plan('what is this\n'), /index is no index of a multistream dump, or damaged, at byte 0/);
    await assert.rejects(plan(bzip2(lines(offsets)).subarray(0, 60)), /no index of a multistream dump, or damaged/);
    await assert.rejects(plan(''), /index/);
    const plain = await openInput(inMemory(dumpXml([]), 100, 'plain'));
    await assert.rejects(planPieces(plain, 1, inMemory('1:1:a')), /plain is no multistream dump/);
  });
});
