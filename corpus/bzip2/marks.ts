/** A place that can be told in bzip2 data by its 48 bits, at any bit: a block begins there, or a stream ends. */
export interface Mark {
  readonly kind: 'block' | 'end';
  /** Bits of the file before it. */
  readonly bit: number;
}

const magics = { block: 0x314159265359n, end: 0x177245385090n };
const kinds = ['block', 'end'] as const;
/** Bytes that a mark may touch; its checksum follows, so that a whole one is never nearer to the end of a file. */
export const markBytes = 7;

/**
 * The first mark in `bytes` at or behind `firstBit`. By chance the bits of a mark may also stand inside a block.
 * @param firstBit bits from the start of `bytes`
 * @returns its bit counted from the start of `bytes`; undefined where none stands whole with `markBytes` in view
 */
export function findMark(bytes: Uint8Array, firstBit: number): Mark | undefined {
  const last = bytes.length - markBytes;
  let index = Math.floor(firstBit / 8);
  let middle = bytes[index + 1] ?? 0;
  for (; index <= last; index++) {
    middle = ((middle << 8) | (bytes[index + 2] as number)) & 0xffff;
    if ((((middles[middle >> 3] as number) >> (middle & 7)) & 1) === 0) continue;
    const mark = firstOf(candidatesByMiddle[middle] as number, bytes, index, firstBit);
    if (mark !== undefined) return mark;
  }
  return undefined;
}

/** `count` bits (24 at most) from `bit` on. */
export function bitsAt(bytes: Uint8Array, bit: number, count: number): number {
  const index = Math.floor(bit / 8);
  const at = (offset: number): number => bytes[index + offset] ?? 0;
  const word = (at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3);
  return (word << (bit % 8)) >>> (32 - count);
}

function firstOf(candidates: number, bytes: Uint8Array, index: number, firstBit: number): Mark | undefined {
  for (let shift = 0; shift < 8; shift++) {
    const bit = index * 8 + shift;
    if (bit < firstBit) continue;
    for (const kind of kinds) {
      const isCandidate = (candidates & flagOf(kind, shift)) !== 0;
      if (isCandidate && holds(bytes, bit, magics[kind])) return { kind, bit };
    }
  }
  return undefined;
}

function holds(bytes: Uint8Array, bit: number, magic: bigint): boolean {
  return bitsAt(bytes, bit, 24) === Number(magic >> 24n) && bitsAt(bytes, bit + 24, 24) === Number(magic & 0xffffffn);
}

function flagOf(kind: Mark['kind'], shift: number): number {
  return 1 << (kind === 'block' ? shift : shift + 8);
}

/**
 * Whatever the shift, the second and third byte that a mark touches are bits of the mark alone: by these two bytes, the
 * marks and shifts that they may belong to.
 */
const candidatesByMiddle = new Uint16Array(65_536);
for (const kind of kinds) {
  for (let shift = 0; shift < 8; shift++) {
    const middle = Number((magics[kind] >> BigInt(48 - 24 + shift)) & 0xffffn);
    candidatesByMiddle[middle] = (candidatesByMiddle[middle] as number) | flagOf(kind, shift);
  }
}

/** A bit for each of these two bytes that has candidates: small enough to stay at hand while each byte of a file is looked at. */
const middles = new Uint8Array(8192);
candidatesByMiddle.forEach((candidates, middle) => {
  if (candidates !== 0) middles[middle >> 3] = (middles[middle >> 3] as number) | (1 << (middle & 7));
});
