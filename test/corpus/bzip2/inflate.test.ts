import assert from 'node:assert/strict';
import { inflateBzip2, type Inflated } from '../../../corpus/bzip2/inflate.js';
import { collect } from '../fixture.js';
import { inMemory } from '../input/memory.js';
import { bzip2 } from './pack.js';

const damageOf = (items: readonly Inflated[]): string[] =>
  items.flatMap((item) => ('damage' in item ? [`${item.at} ${item.damage}`] : []));
const bytesOf = (items: readonly Inflated[]): Buffer =>
  Buffer.concat(items.flatMap((item) => ('bytes' in item ? [item.bytes] : [])));

/** Bytes that a packer cannot make small, the same every time. */
function noise(count: number, seed = 1): Buffer {
  let state = seed;
  return Buffer.from(Array.from({ length: count }, () => (state = (state * 48_271) % 2_147_483_647) >> 8));
}

/** A block of this uses the byte values whose table reads as the mark of a block. */
const looksLikeMark = Buffer.from(
  [0x3141, 0x5926, 0x5359].flatMap((bits, group) =>
    Array.from({ length: 16 }, (_, index) => ((bits >> (15 - index)) & 1 ? [64 + group * 16 + index] : [])).flat(),
  ),
);

describe('corpus: bzip2', () => {
  const blocks = noise(350_000);
  const several = bzip2(blocks, 1);

  it('is unpacked block by block, each with the byte of the file in which it begins', async () => {
    const items = await collect(inflateBzip2(inMemory(several)));
    assert.deepEqual(damageOf(items), []);
    assert.ok(bytesOf(items).equals(blocks));
    assert.ok(items.length >= 4 && items[0]?.at === 4);
  });

  it('is the same however the file is cut into chunks', async () => {
    const small = bzip2('A small text.');
    for (const chunk of [1, 3, 1000]) {
      assert.equal(bytesOf(await collect(inflateBzip2(inMemory(small, chunk)))).toString(), 'A small text.');
    }
  });

  it('may have many streams, empty ones too', async () => {
    const packed = Buffer.concat([bzip2('one'), bzip2(''), bzip2('two', 1), bzip2('three')]);
    const items = await collect(inflateBzip2(inMemory(packed)));
    assert.deepEqual([damageOf(items), bytesOf(items).toString()], [[], 'onetwothree']);
  });

  it('may unpack to very much more', async () => {
    const runs = Buffer.alloc(20_000_000, 'a');
    assert.ok(bytesOf(await collect(inflateBzip2(inMemory(bzip2(runs))))).equals(runs));
  });

  it('may hold the bits of a mark inside a block', async () => {
    const text = Buffer.from(Array.from({ length: 3000 }, (_, index) => looksLikeMark[(index * index) % 21] as number));
    const packed = bzip2(Buffer.concat([text, looksLikeMark]));
    assert.ok(packed.includes(Buffer.from('314159265359', 'hex'), 20) || isAtAnyShift(packed));
    const items = await collect(inflateBzip2(inMemory(packed)));
    assert.deepEqual(damageOf(items), []);
    assert.ok(bytesOf(items).equals(Buffer.concat([text, looksLikeMark])));
    for (let from = 5; from < 40; from++) assert.deepEqual(await collect(inflateBzip2(inMemory(packed), from)), []);
  });

  it('gives every block to one range, wherever the file is cut into ranges', async () => {
    const packed = Buffer.concat([several, bzip2('between', 3), several]);
    const all = await collect(inflateBzip2(inMemory(packed)));
    const edges = new Set([1, 2, 3, 4, 5, several.length, packed.length - 1]);
    for (let edge = 7; edge < packed.length; edge += 29_973) edges.add(edge);
    for (const { at } of all) for (const near of [-1, 0, 1]) edges.add(at + near);
    for (const edge of edges) {
      const rest = await collect(inflateBzip2(inMemory(packed), edge));
      assert.deepEqual(
        rest.map(({ at }) => at),
        all.map(({ at }) => at).filter((at) => at >= edge),
      );
      assert.deepEqual(damageOf(rest), []);
    }
  });

  it('that is cut off anywhere is known as such', async () => {
    const packed = Buffer.concat([bzip2('first stream', 1), bzip2('second stream', 1)]);
    const whole = bzip2('first stream', 1).length;
    for (let end = 4; end < packed.length; end++) {
      const damages = damageOf(await collect(inflateBzip2(inMemory(packed.subarray(0, end)))));
      if (end === whole) assert.deepEqual(damages, []);
      else assert.match(damages.join(), /^\d+ (is cut off|follows the end of the data and is no bzip2)$/, `${end}`);
    }
  });

  it('with a damaged block loses that block and no other, and says where', async () => {
    const all = await collect(inflateBzip2(inMemory(several)));
    const damaged = Buffer.from(several);
    const second = all[1]?.at ?? 0;
    damaged.writeUInt8(damaged.readUInt8(second + 40_000) ^ 4, second + 40_000);
    const items = await collect(inflateBzip2(inMemory(damaged)));
    assert.deepEqual(damageOf(items), [`${second} is damaged`]);
    assert.deepEqual(
      items.filter((item) => 'bytes' in item).map(({ at }) => at),
      all.map(({ at }) => at).filter((at) => at !== second),
    );
  });

  it('of which a block is missing is known by the checksum of the stream', async () => {
    const [, second, third] = (await collect(inflateBzip2(inMemory(several)))).map(({ at }) => at);
    // Blocks begin at bits: what is taken out are those between two marks, so it must be done on bits.
    const bits = [...several].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const mark = 0x314159265359n.toString(2).padStart(48, '0');
    const from = bits.indexOf(mark, (second ?? 0) * 8);
    const to = bits.indexOf(mark, (third ?? 0) * 8);
    const without = bits.slice(0, from) + bits.slice(to);
    const bytes = Buffer.from((without.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, '0'), 2)));
    assert.match(
      damageOf(await collect(inflateBzip2(inMemory(bytes)))).join(),
      /^\d+ has the checksum of other blocks/,
    );
  });

  it('with strange bytes behind it is known as such', async () => {
    const packed = bzip2('text');
    const items = await collect(inflateBzip2(inMemory(Buffer.concat([packed, Buffer.from('not bzip2')]))));
    assert.deepEqual(damageOf(items), [`${packed.length} follows the end of the data and is no bzip2`]);
  });

  it('is unpacked without taking over what ends the process', async () => {
    const before = process.listeners('uncaughtException').length + process.listeners('unhandledRejection').length;
    await collect(inflateBzip2(inMemory(bzip2('text'))));
    assert.equal(
      process.listeners('uncaughtException').length + process.listeners('unhandledRejection').length,
      before,
    );
  });
});

function isAtAnyShift(packed: Buffer): boolean {
  const bits = [...packed].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.split(0x314159265359n.toString(2).padStart(48, '0')).length > 2;
}
