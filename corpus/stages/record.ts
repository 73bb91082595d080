import type { Sample } from '../samples.js';

/**
 * A sample on its way from the piece that made it to its shard, little-endian: key F64, page F64, number U32, pass U16, lengths of A
 * and B U16, label U16, then the ids of A and B.
 */
export const headBytes = 28;

export function recordBytes({ aStart, aEnd, bStart, bEnd }: Sample): number {
  return headBytes + 2 * (aEnd - aStart + bEnd - bStart);
}

/**
 * Writes a record.
 * @param units view of all of `into` as 16-bit units
 * @param b the tokens that the sample's B is a range of
 * @returns where the next one starts
 */
export function writeRecord(
  into: Buffer,
  units: Uint16Array,
  at: number,
  sample: Sample,
  a: Uint16Array,
  b: Uint16Array,
): number {
  const { key, page, number, pass, aStart, aEnd, bStart, bEnd, isRandomNext } = sample;
  into.writeDoubleLE(key, at);
  into.writeDoubleLE(page, at + 8);
  into.writeUInt32LE(number, at + 16);
  into.writeUInt16LE(pass, at + 20);
  into.writeUInt16LE(aEnd - aStart, at + 22);
  into.writeUInt16LE(bEnd - bStart, at + 24);
  into.writeUInt16LE(isRandomNext ? 1 : 0, at + 26);
  let unit = (at + headBytes) / 2;
  for (let token = aStart; token < aEnd; token++) units[unit++] = a[token] as number;
  for (let token = bStart; token < bEnd; token++) units[unit++] = b[token] as number;
  return 2 * unit;
}

/** The records of a stretch of bytes; token ranges count from its start, as a view of 16-bit ids. */
export function* recordsOf(bytes: Buffer): Generator<Sample> {
  let at = 0;
  while (at < bytes.length) {
    const [lengthA, lengthB] = [bytes.readUInt16LE(at + 22), bytes.readUInt16LE(at + 24)];
    const aStart = (at + headBytes) / 2;
    const aEnd = aStart + lengthA;
    yield {
      key: bytes.readDoubleLE(at),
      page: bytes.readDoubleLE(at + 8),
      number: bytes.readUInt32LE(at + 16),
      pass: bytes.readUInt16LE(at + 20),
      aStart,
      aEnd,
      bStart: aEnd,
      bEnd: aEnd + lengthB,
      isRandomNext: bytes.readUInt16LE(at + 26) === 1,
    };
    at = 2 * (aEnd + lengthB);
  }
}
