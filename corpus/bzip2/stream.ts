import type { PackedWindow } from './packed.js';

/** `BZh` and a digit. */
export const streamHeaderBytes = 4;
const signature = 0x425a68;
const magicBits = 48;
const checksumBits = 32;

/** Whether a bzip2 stream may begin at this byte of the file: it goes by the header alone. */
export async function isStreamStart(window: PackedWindow, byte: number): Promise<boolean> {
  if (!(await window.has(byte, streamHeaderBytes))) return false;
  const level = window.bits(byte * 8 + 24, 8) - 0x30;
  return window.bits(byte * 8, 24) === signature && level >= 1 && level <= 9;
}

/** The checksum behind the mark that ends a stream, and the byte behind it all; undefined where the file ends before. */
export async function checksumOfStream(
  window: PackedWindow,
  bit: number,
): Promise<{ checksum: number | undefined; end: number }> {
  const end = Math.ceil((bit + magicBits + checksumBits) / 8);
  const start = Math.floor(bit / 8);
  const isWhole = await window.has(start, end - start);
  return { checksum: isWhole ? checksumAt(window, bit + magicBits) : undefined, end };
}

/** The checksum of a stream after one more block, the one whose mark stands at `bit`. */
export function withBlock(checksum: number, window: PackedWindow, bit: number): number {
  return (((checksum << 1) | (checksum >>> 31)) ^ checksumAt(window, bit + magicBits)) >>> 0;
}

function checksumAt(window: PackedWindow, bit: number): number {
  return ((window.bits(bit, 16) << 16) | window.bits(bit + 16, 16)) >>> 0;
}
