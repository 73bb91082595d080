import assert from 'node:assert/strict';
import { inflate } from '../../corpus/inflate.js';
import { readDump } from '../../corpus/pages.js';
import { collect, inFolder, proseDump, writeDump } from './fixture.js';

/** Two bzip2 streams one after the other, as in a multistream dump: a page in each. */
const multistream = Buffer.from(
  'QlpoOTFBWSZTWcPNPyMAAA3fgAAQQAHgBQEAhAAnr93AIABqEo0lPZKGjQGJkEqZQGmmgNPUyZJy9YYIbDYTbYdFOzVtmfb2Vlpy' +
    '+JQXeW1FRLhVbeaotEeDXCmJ6UjIYrE6J1FCByhBz5FH65bpuQKKSjuORDvOe/U4JCZd0Wkyc/i7kinChIYeafkYQlpoOTFBWSZT' +
    'WVWr7ekAAA3fgAAQQAHQBSAACAAu793AIAB0EqnpoRoDQ000eoGgKep6hoAGggdbyAFKSeVFuKExllr245qauwNjsFQkHCAJ1ZEn' +
    'TftTIqJbWhUbgYvJoSi13sliNRX0kqvIjfEIYudA0kZofi7kinChIKtX29I=',
  'base64',
);

describe('corpus: inflate', () => {
  it('reads every stream of a multistream bzip2 file', () =>
    inFolder(async (folder) => {
      const file = await writeDump(folder, multistream, 'dump.xml.bz2');
      const titles = (await collect((await readDump(inflate(file), file)).pages)).map(({ title }) => title);
      assert.deepEqual(titles, ['First', 'Second']);
    }));

  it('passes plain XML through and tells how far it is', () =>
    inFolder(async (folder) => {
      const xml = proseDump(3);
      const file = await writeDump(folder, xml);
      let read = 0;
      const bytes = Buffer.concat(await collect(inflate(file, (count) => (read = count))));
      assert.equal(bytes.toString(), xml);
      assert.equal(read, bytes.length);
    }));

  it('refuses a bzip2 file that is cut off anywhere, with the place', () =>
    inFolder(async (folder) => {
      for (const end of [20, 100, multistream.length - 1]) {
        const file = await writeDump(folder, multistream.subarray(0, end), 'cut.bz2');
        await assert.rejects(
          collect(inflate(file)),
          /damaged or cut off: bzip2 could not be unpacked further than \d+ bytes/,
        );
      }
    }));

  it('refuses a bzip2 file with a damaged block', () =>
    inFolder(async (folder) => {
      const damaged = Buffer.from(multistream);
      damaged.writeUInt8(damaged.readUInt8(60) ^ 0x10, 60);
      const file = await writeDump(folder, damaged, 'damaged.bz2');
      await assert.rejects(collect(inflate(file)), /damaged or cut off/);
    }));
});
