import { crc32c } from './crc32c.js';

/** One point of a curve: TensorBoard scalar `tag` at `step`, `at` in epoch milliseconds. */
export interface Scalar {
  readonly tag: string;
  readonly step: number;
  readonly at: number;
  readonly value: number;
}

/**
 * Bytes of a TensorBoard event file: TFRecord framing (length, masked CRC32C, data, masked CRC32C) around `tensorflow.Event` messages.
 * Source: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto and summary.proto.
 */
export function eventFile(scalars: readonly Scalar[]): Uint8Array {
  const first = scalars[0]?.at ?? 0;
  const version = message(double(1, first / 1000), bytes(3, Buffer.from('brain.Event:2')));
  return Buffer.concat([version, ...scalars.map(scalarEvent)].map(record));
}

function scalarEvent(scalar: Scalar): Buffer {
  const value = message(bytes(1, Buffer.from(scalar.tag)), float(2, scalar.value));
  return message(double(1, scalar.at / 1000), varint(2, scalar.step), bytes(5, message(bytes(1, value))));
}

function record(data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([header, masked(header), data, masked(data)]);
}

/** TFRecord stores CRCs rotated and offset, so that a CRC of data that holds CRCs stays sound. */
function masked(data: Buffer): Buffer {
  const crc = crc32c(data);
  const rotated = ((crc >>> 15) | (crc << 17)) >>> 0;
  const out = Buffer.alloc(4);
  out.writeUInt32LE((rotated + 0xa282ead8) >>> 0);
  return out;
}

const message = (...fields: readonly Buffer[]) => Buffer.concat(fields);

function double(field: number, value: number): Buffer {
  const out = Buffer.alloc(9);
  out.writeUInt8((field << 3) | 1);
  out.writeDoubleLE(value, 1);
  return out;
}

function float(field: number, value: number): Buffer {
  const out = Buffer.alloc(5);
  out.writeUInt8((field << 3) | 5);
  out.writeFloatLE(value, 1);
  return out;
}

const varint = (field: number, value: number) => Buffer.concat([Buffer.from([field << 3]), encodeVarint(value)]);

const bytes = (field: number, value: Buffer) =>
  Buffer.concat([Buffer.from([(field << 3) | 2]), encodeVarint(value.length), value]);

function encodeVarint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...out, rest]);
}
