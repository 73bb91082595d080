const header = [0x42, 0x5a, 0x68, 0x39];
const endMagic = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
const magicBits = 48;

/**
 * Makes a bzip2 stream of one block: a header of the largest block size, the block shifted to start at a byte, the mark of the
 * end, and the stream's checksum, which for one block is the block's own. It unpacks if the bits are exactly one sound block.
 */
export function wrapBlock(bytes: Uint8Array, fromBit: number, toBit: number): Uint8Array {
  const bits = toBit - fromBit;
  const whole = Math.floor(bits / 8);
  const stream = new Uint8Array(header.length + whole + endMagic.length + 4 + 1);
  stream.set(header);
  copyShifted(bytes, fromBit, stream, header.length, whole);
  const checksumAt = header.length + magicBits / 8;
  const tail = [...endMagic, ...stream.subarray(checksumAt, checksumAt + 4)];
  appendBits(stream, header.length + whole, bits % 8, lastBits(bytes, toBit, bits % 8), tail);
  return stream;
}

function copyShifted(bytes: Uint8Array, fromBit: number, target: Uint8Array, at: number, count: number): void {
  const first = Math.floor(fromBit / 8);
  const shift = fromBit % 8;
  if (shift === 0) {
    target.set(bytes.subarray(first, first + count), at);
    return;
  }
  const rest = 8 - shift;
  let byte = bytes[first] as number;
  for (let index = 0; index < count; index++) {
    const next = bytes[first + index + 1] as number;
    target[at + index] = (byte << shift) | (next >> rest);
    byte = next;
  }
}

/** The `count` bits (7 at most) before `toBit`, as the high bits of a byte. */
function lastBits(bytes: Uint8Array, toBit: number, count: number): number {
  const from = toBit - count;
  const index = Math.floor(from / 8);
  const word = ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
  return ((word << (from % 8)) >> 8) & 0xff & (0xff << (8 - count));
}

/** Writes `tail` behind the first `shift` bits of the byte at `at`, which are those of `first`. */
function appendBits(target: Uint8Array, at: number, shift: number, first: number, tail: readonly number[]): void {
  let carry = first;
  tail.forEach((byte, index) => {
    target[at + index] = carry | (byte >> shift);
    carry = (byte << (8 - shift)) & 0xff;
  });
  target[at + tail.length] = carry;
}
