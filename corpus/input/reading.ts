import type { DamageLog } from './damage.js';
import type { Input, Piece } from './input.js';
import { transcode } from './transcode.js';
import { damageIn, unpack, type Gap } from './unpack.js';
import { Window } from './window.js';

/** A piece being read: what the scanners of all formats need. */
export interface Reading {
  readonly input: Input;
  readonly piece: Piece;
  readonly window: Window;
  readonly log: DamageLog;
  /** In words, where in the input a byte of the window lies. */
  place(index: number): string;
  /** Enters a gap if it is this piece's to tell. */
  tell(gap: Gap): void;
}

export function startReading(input: Input, piece: Piece, log: DamageLog): Reading {
  const { source, packing, encoding } = input;
  const stretches = unpack(source, packing, piece.from, piece.to);
  const window = new Window(encoding === 'utf-8' ? stretches : transcode(stretches, encoding));
  return {
    input,
    piece,
    window,
    log,
    place: (index) => placeIn(input, piece, window.offset + index),
    tell(gap) {
      if (gap.isOwn) log.report({ problem: damageIn(source, packing, gap), isPage: false });
    },
  };
}

function placeIn({ packing, encoding }: Input, { from }: Piece, offset: number): string {
  const as = encoding === 'utf-8' ? '' : ' as UTF-8';
  if (packing === 'none') return `byte ${from + offset}${as}`;
  return from === 0
    ? `byte ${offset} of what it unpacks to${as}`
    : `byte ${offset} of what it unpacks to from the block at or behind byte ${from} on`;
}
