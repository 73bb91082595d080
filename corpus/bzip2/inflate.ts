import type { ByteSource } from '../input/source.js';
import { behindOuterBlock, blockAt } from './block.js';
import { blockDecoder, type DecodeBlock } from './decoder.js';
import type { Mark } from './marks.js';
import { PackedWindow } from './packed.js';
import { checksumOfStream, isStreamStart, streamHeaderBytes, withBlock } from './stream.js';

/** What a block unpacks to, or a place that gives nothing and why. `at` is the byte of the file in which it begins. */
export type Inflated =
  { readonly at: number; readonly bytes: Uint8Array } | { readonly at: number; readonly damage: string };

/**
 * Unpacks the blocks of a bzip2 file (one stream or many) that begin at or behind byte `from`, one after the other, one in
 * memory at a time. Checksums of blocks are checked, those of streams where a stream is read from its start. What is damaged or
 * missing comes as `damage`, a clause for a message, and reading goes on behind it.
 */
export async function* inflateBzip2(source: ByteSource, from = 0): AsyncGenerator<Inflated> {
  const window = new PackedWindow(source, from);
  try {
    const file = { source, window, decode: await blockDecoder() };
    let next: Place | undefined = await startAt(file, from);
    while (next !== undefined) {
      const step: Step = await stepFrom(file, next);
      if (step.found !== undefined) yield step.found;
      next = step.next;
    }
  } finally {
    await window.close();
  }
}

interface PackedFile {
  readonly source: ByteSource;
  readonly window: PackedWindow;
  readonly decode: DecodeBlock;
}

/** Where the next mark is looked for. */
interface Place {
  readonly bit: number;
  /** The mark must stand right there. */
  readonly isExact?: boolean;
  /** The mark is no chance bits inside a block that began earlier. */
  readonly isSure?: boolean;
  /** Checksum of the stream so far, where its start was read. */
  readonly checksum?: number | undefined;
}

interface Step {
  readonly found?: Inflated;
  /** Absent at the end. */
  readonly next?: Place | undefined;
}

const cutOff = 'is cut off';

async function startAt({ window }: PackedFile, from: number): Promise<Place> {
  const behind = behindHeader(from);
  if (from === 0) return behind;
  // Away from the start of the file four bytes may be those of a header by chance; with the mark behind them they are none.
  const isStart = (await isStreamStart(window, from)) && (await window.nextMark(from * 8))?.bit === behind.bit;
  return isStart ? behind : { bit: from * 8 };
}

function behindHeader(byte: number): Place {
  return { bit: (byte + streamHeaderBytes) * 8, isExact: true, isSure: true, checksum: 0 };
}

async function stepFrom(file: PackedFile, place: Place): Promise<Step> {
  const mark = await file.window.nextMark(place.bit);
  const isMissing = place.isExact === true && mark?.bit !== place.bit;
  if (isMissing) {
    const at = byteOf(place.bit);
    return mark === undefined
      ? { found: { at, damage: cutOff } }
      : { found: { at, damage: 'holds no block' }, next: { bit: mark.bit } };
  }
  if (mark === undefined) return {};
  file.window.dropBefore(byteOf(mark.bit));
  return mark.kind === 'block' ? stepOverBlock(file, place, mark) : stepOverEnd(file, place, mark);
}

async function stepOverBlock(file: PackedFile, place: Place, mark: Mark): Promise<Step> {
  const { window, decode } = file;
  const { bytes, end } = await blockAt(window, mark, decode);
  if (end === undefined) return unsound(file, place, mark, { found: { at: byteOf(mark.bit), damage: cutOff } });
  if (bytes === undefined) {
    const found = { at: byteOf(mark.bit), damage: 'is damaged' };
    return unsound(file, place, mark, { found, next: { bit: end.bit } });
  }
  const checksum = place.checksum === undefined ? undefined : withBlock(place.checksum, window, mark.bit);
  return { found: { at: byteOf(mark.bit), bytes }, next: { bit: end.bit, isSure: true, checksum } };
}

async function stepOverEnd(file: PackedFile, place: Place, mark: Mark): Promise<Step> {
  const { source, window } = file;
  const { checksum, end } = await checksumOfStream(window, mark.bit);
  const at = byteOf(mark.bit);
  if (checksum === undefined) return unsound(file, place, mark, { found: { at, damage: cutOff } });
  const isWrong = place.checksum !== undefined && place.checksum !== checksum;
  const found = isWrong ? { at, damage: 'has the checksum of other blocks than those before it' } : undefined;
  if (end === source.bytes) return { ...(found && { found }) };
  if (await isStreamStart(window, end)) return { ...(found && { found }), next: behindHeader(end) };
  const strange = { at: end, damage: 'follows the end of the data and is no bzip2' };
  return unsound(file, place, mark, { found: strange, next: { bit: end * 8 } });
}

/** What did not fit is damage, unless the mark was chance bits inside a block that began before this reading did. */
async function unsound({ source, decode }: PackedFile, place: Place, mark: Mark, damage: Step): Promise<Step> {
  if (place.isSure === true) return damage;
  const behind = await behindOuterBlock(source, mark, decode);
  return behind === undefined ? damage : { next: { bit: behind, isSure: true } };
}

function byteOf(bit: number): number {
  return Math.floor(bit / 8);
}
