import type { Input, Piece } from './input.js';
import { unpack } from './unpack.js';
import type { Window } from './window.js';

const rootClose = '</mediawiki>';
const tail = 4096;
/** Holds the last two blocks of a bzip2 file, whatever they are. */
const packedTail = 6 << 20;

/** Whether a dump has its closing tag: in the window of a reading that has come to the end, or in the end of the file itself. */
export async function endsWithRoot(input: Input, piece: Piece, window: Window): Promise<boolean> {
  if (window.slice(Math.max(0, window.length - tail), window.length).includes(rootClose)) return true;
  if (piece.from === 0) return false;
  const { source, packing } = input;
  let end: Buffer = Buffer.alloc(0);
  for await (const stretch of unpack(
    source,
    packing,
    Math.max(0, source.bytes - (packing === 'none' ? tail : packedTail)),
  )) {
    if ('bytes' in stretch) end = Buffer.concat([end, stretch.bytes]).subarray(-tail);
  }
  return end.includes(rootClose);
}
