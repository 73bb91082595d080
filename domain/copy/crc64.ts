/** The polynomial of CRC-64/NVME, reflected: what Azure Storage calls CRC64 (x-ms-content-crc64). */
const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
const ALL = 0xffff_ffff_ffff_ffffn;

const { low: LOW, high: HIGH } = tables();

/** CRC64 of bytes as Azure Storage computes it. @param before of the bytes that lie before these */
export function crc64(bytes: Uint8Array, before = 0n): bigint {
  const start = before ^ ALL;
  let low = Number(start & 0xffff_ffffn);
  let high = Number(start >> 32n);
  for (const byte of bytes) {
    const at = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (LOW[at] ?? 0);
    high = (high >>> 8) ^ (HIGH[at] ?? 0);
  }
  return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) ^ ALL;
}

/**
 * CRC64 of two stretches of bytes that follow each other, from the CRC64 of each: so that of a whole blob is known from those of its blocks.
 * @param secondBytes length of the second stretch
 */
export function joinCrc64(first: bigint, second: bigint, secondBytes: number): bigint {
  return times(shiftOver(secondBytes), first) ^ second;
}

/** As 16 hex digits. */
export const crc64Text = (crc: bigint) => crc.toString(16).padStart(16, '0');

/** As the service sends it: 8 bytes, the lowest first. */
export function crc64Of(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** A linear map of 64 bits: what becomes of each bit. */
type Matrix = readonly bigint[];

const shifts = new Map<number, Matrix>();

/** What as many zero bytes make of a CRC. Blocks have one length but for the last, so few are ever asked for. */
function shiftOver(bytes: number): Matrix {
  const known = shifts.get(bytes);
  if (known !== undefined) return known;
  let result: Matrix = Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit));
  let square: Matrix = result.map((bit) => zeroByte(bit));
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    const step = square;
    if (left % 2 === 1) result = result.map((column) => times(step, column));
    square = step.map((column) => times(step, column));
  }
  if (shifts.size < 64) shifts.set(bytes, result);
  return result;
}

function zeroByte(crc: bigint): bigint {
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
  return crc;
}

function times(matrix: Matrix, vector: bigint): bigint {
  let sum = 0n;
  for (let bit = 0; vector !== 0n; bit++, vector >>= 1n) if (vector & 1n) sum ^= matrix[bit] ?? 0n;
  return sum;
}

function tables(): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(256);
  const high = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const entry = zeroByte(BigInt(byte));
    low[byte] = Number(entry & 0xffff_ffffn) | 0;
    high[byte] = Number(entry >> 32n) | 0;
  }
  return { low, high };
}
