import type { ByteSource } from '../input/source.js';
import type { DecodeBlock } from './decoder.js';
import type { Mark } from './marks.js';
import { PackedWindow } from './packed.js';

/** The shortest header of a block: mark, checksum, position and flag. */
const headerBits = 105;
/** More than any encoder makes of 900,000 bytes: codes have 20 bits at most. */
const mostBits = 900_000 * 20 + 200_000;

/** A block unpacked, with the mark behind it; `bytes` is undefined when it is not sound, `end` when no mark follows. */
export interface Block {
  readonly bytes: Uint8Array | undefined;
  readonly end: Mark | undefined;
}

/**
 * Unpacks the block at a mark. It ends at the next mark, or, where that one is chance bits inside the block, at one after it:
 * the checksum tells.
 */
export async function blockAt(window: PackedWindow, start: Mark, decode: DecodeBlock): Promise<Block> {
  const first = await window.nextMark(start.bit + headerBits);
  let end = first;
  while (end !== undefined && end.bit - start.bit <= mostBits) {
    const bytes = decode(window.wrapped(start.bit, end.bit));
    if (bytes !== undefined) return { bytes, end };
    end = await window.nextMark(end.bit + 1);
  }
  return { bytes: undefined, end: first };
}

/**
 * Whether a mark met in the middle of a file is chance bits inside a block that began before it.
 * @returns the bit behind that block, undefined where there is none
 */
export async function behindOuterBlock(
  source: ByteSource,
  mark: Mark,
  decode: DecodeBlock,
): Promise<number | undefined> {
  const from = Math.max(0, Math.floor((mark.bit - mostBits) / 8));
  const window = new PackedWindow(source, from);
  try {
    let outer = await window.nextMark(from * 8);
    while (outer !== undefined && outer.bit < mark.bit) {
      const { bytes, end } = outer.kind === 'block' ? await blockAt(window, outer, decode) : {};
      const isAround = bytes !== undefined && end !== undefined && end.bit > mark.bit;
      if (isAround) return end.bit;
      outer = await window.nextMark(bytes === undefined ? outer.bit + 1 : (end?.bit ?? outer.bit + 1));
    }
    return undefined;
  } finally {
    await window.close();
  }
}
