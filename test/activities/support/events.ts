import assert from 'node:assert/strict';

export interface Point {
  readonly tag: string;
  readonly step: number;
  /** Seconds since the epoch. */
  readonly wallTime: number;
  readonly value: number;
}

/** Reads a TensorBoard event file byte by byte and checks both checksums of every record. @throws AssertionError where one is wrong */
export function readEvents(file: Buffer): Point[] {
  const points: Point[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    assert.equal(file.readUInt32LE(at + 8), masked(file.subarray(at, at + 8)), 'checksum of a length');
    const data = file.subarray(at + 12, at + 12 + length);
    assert.equal(file.readUInt32LE(at + 12 + length), masked(data), 'checksum of a record');
    points.push(...pointOf(data));
    at += 16 + length;
  }
  return points;
}

/** tensorflow.Event: 1 wall_time, 2 step, 5 summary; Summary: 1 value; Value: 1 tag, 2 simple_value. */
function pointOf(event: Buffer): Point[] {
  const fields = readMessage(event);
  const summary = fields.get(5);
  if (!Buffer.isBuffer(summary)) return [];
  const value = readMessage(readMessage(summary).get(1) as Buffer);
  return [
    {
      tag: (value.get(1) as Buffer).toString('utf8'),
      value: (value.get(2) as Buffer).readFloatLE(),
      step: fields.get(2) as number,
      wallTime: (fields.get(1) as Buffer).readDoubleLE(),
    },
  ];
}

/** Fields of a protobuf message by number; the last of a number wins, which is enough for messages of ours. */
function readMessage(data: Buffer): Map<number, number | Buffer> {
  const fields = new Map<number, number | Buffer>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = data.readUInt8(at++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  const take = (bytes: number) => data.subarray(at, (at += bytes));
  while (at < data.length) {
    const key = varint();
    const kind = key & 7;
    fields.set(key >> 3, kind === 0 ? varint() : take(kind === 1 ? 8 : kind === 5 ? 4 : varint()));
  }
  return fields;
}

function masked(data: Buffer): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Bit by bit, so that it shares no table with the writer. */
function crc32c(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
