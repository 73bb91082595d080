import { inflateBzip2 } from '../bzip2/inflate.js';
import { gunzip } from './gunzip.js';
import type { Packing } from './input.js';
import type { ByteSource } from './source.js';

/** Unpacked bytes, or a place of the file that gives none. */
export type Stretch = OwnBytes | Gap;

export interface OwnBytes {
  readonly bytes: Uint8Array;
  /** Whether they belong to the range asked for; the others come behind them, for a page that goes on there. */
  readonly isOwn: boolean;
}

export interface Gap {
  /** Byte of the file as it lies. */
  readonly at: number;
  /** A clause: `is cut off`. */
  readonly damage: string;
  readonly isOwn: boolean;
}

/** The bytes that the range `from` to `to` of a file unpacks to, then, as far as they are asked for, those behind it. */
export async function* unpack(
  source: ByteSource,
  packing: Packing,
  from = 0,
  to = source.bytes,
): AsyncGenerator<Stretch> {
  if (packing === 'gzip') yield* gunzip(source);
  else if (packing === 'bzip2') {
    for await (const block of inflateBzip2(source, from)) yield { ...block, isOwn: block.at < to };
  } else {
    for await (const bytes of source.read(from, to)) yield { bytes, isOwn: true };
    if (to < source.bytes) for await (const bytes of source.read(to, source.bytes)) yield { bytes, isOwn: false };
  }
}

/** What a gap means for the file, in words. */
export function damageIn({ name }: ByteSource, packing: Packing, { at, damage }: Gap): string {
  return `${name} is damaged or cut off: its ${packing === 'none' ? '' : `${packing} `}data at byte ${at} ${damage}`;
}
