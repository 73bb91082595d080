import assert from 'node:assert/strict';
import { crc64, crc64Of, crc64Text, joinCrc64 } from '../../../domain/copy/crc64.js';
import { seeded } from '../../house/random.js';

describe('domain: CRC64 as Azure Storage computes it', () => {
  const next = seeded(3);
  const random = (length: number) => Uint8Array.from({ length }, () => Math.floor(next() * 256));

  it('gives the check value of CRC-64/NVME', () =>
    assert.equal(crc64Text(crc64(Buffer.from('123456789'))), 'ae8b14860a799888'));

  it('goes on from what lies before', () => {
    const bytes = random(1000);
    assert.equal(crc64(bytes.subarray(377), crc64(bytes.subarray(0, 377))), crc64(bytes));
  });

  it('is that of a whole, put together from those of its parts', () => {
    for (const [first, second] of [
      [0, 10],
      [10, 0],
      [1, 1],
      [4096, 777],
      [5, 70_001],
    ] as const) {
      const bytes = random(first + second);
      const joined = joinCrc64(crc64(bytes.subarray(0, first)), crc64(bytes.subarray(first)), second);
      assert.equal(joined, crc64(bytes), `${first} + ${second}`);
    }
  });

  it('is another one where parts change places, or a bit changes', () => {
    const [a, b] = [random(100), random(100)];
    assert.notEqual(joinCrc64(crc64(a), crc64(b), 100), joinCrc64(crc64(b), crc64(a), 100));
    const flipped = Uint8Array.from(a, (byte, index) => (index === 50 ? byte ^ 1 : byte));
    assert.notEqual(crc64(flipped), crc64(a));
  });

  it('is read from the eight bytes that the service sends, the lowest first', () =>
    assert.equal(crc64Of(Uint8Array.of(0x88, 0x98, 0x79, 0x0a, 0x86, 0x14, 0x8b, 0xae)), 0xae8b14860a799888n));
});
