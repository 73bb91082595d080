import assert from 'node:assert/strict';
import { type SourceVersion, blockBytesFor, blocksOf, versionId } from '../../../domain/copy/blocks.js';
import { whatIsLeft } from '../../../domain/copy/left.js';

const version: SourceVersion = { source: 'https://a/b', path: 'shard', bytes: 25, etag: '"1"' };

describe('domain: the blocks of a copy', () => {
  it('cover the blob without a gap, the last one shorter', () => {
    assert.deepEqual(
      blocksOf(version, 10).map(({ offset, bytes }) => [offset, bytes]),
      [
        [0, 10],
        [10, 10],
        [20, 5],
      ],
    );
    assert.deepEqual(blocksOf({ ...version, bytes: 0 }, 10), []);
  });

  it('have ids of one length for every blob, which are Base64', () => {
    const many = blocksOf({ ...version, bytes: 50_000 }, 1);
    const ids = [...many, ...blocksOf(version, 10)].map(({ id }) => id);
    assert.equal(new Set(ids).size, 50_003);
    assert.deepEqual([...new Set(ids.map((id) => id.length))], [48]);
    for (const id of ids.slice(-5)) assert.equal(Buffer.from(id, 'base64').toString('base64'), id);
  });

  for (const [what, other] of Object.entries<Partial<SourceVersion>>({
    'another source': { source: 'https://a/c' },
    'another path': { path: 'shard-2' },
    'another version': { etag: '"2"' },
    'another size': { bytes: 26 },
  }))
    it(`have other ids for ${what}: two versions never meet in one blob`, () =>
      assert.notEqual(versionId({ ...version, ...other }, 10), versionId(version, 10)));

  it('have other ids in another size, and the same ones whenever they are named', () => {
    assert.notEqual(versionId(version, 11), versionId(version, 10));
    assert.deepEqual(blocksOf({ ...version }, 10), blocksOf(version, 10));
  });

  it('grow until a blob fits into as many as the service takes', () => {
    const mib = 2 ** 20;
    assert.equal(blockBytesFor(66e9), 16 * mib);
    assert.equal(blockBytesFor(50_000 * 16 * mib), 16 * mib);
    assert.equal(blockBytesFor(50_000 * 16 * mib + 1), 32 * mib);
  });
});

describe('domain: what is left of a copy', () => {
  const blocks = blocksOf(version, 10);
  const held = (...indices: number[]) =>
    blocks.filter(({ index }) => indices.includes(index)).map(({ id, bytes }) => ({ id, bytes }));
  const indices = (some: readonly { index: number }[]) => some.map(({ index }) => index);

  it('is what the service has not, in whatever order it came', () => {
    const { there, left, clashing } = whatIsLeft(blocks, held(2, 0));
    assert.deepEqual([indices(there), indices(left), clashing], [[0, 2], [1], false]);
  });

  it('is a block of the right name that was cut short', () => {
    const short = held(0, 1).map((block) => ({ ...block, bytes: block.bytes - 1 }));
    assert.deepEqual(indices(whatIsLeft(blocks, short).left), [0, 1, 2]);
  });

  it('is everything where the blocks are of another version', () => {
    const other = blocksOf({ ...version, etag: '"2"' }, 10);
    const { left, clashing } = whatIsLeft(blocks, other);
    assert.deepEqual([left.length, clashing], [3, false]);
  });

  it('names ids of another length, which the service refuses beside ours', () => {
    const foreign = { id: Buffer.from('block-1').toString('base64'), bytes: 10 };
    assert.equal(whatIsLeft(blocks, [...held(0), foreign]).clashing, true);
    const sameLength = { id: Buffer.alloc(36, 7).toString('base64'), bytes: 10 };
    assert.equal(whatIsLeft(blocks, [sameLength]).clashing, false);
  });
});
