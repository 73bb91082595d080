import type { Reading } from './reading.js';

const newline = Buffer.from('\n');
const longestLine = 1 << 28;

/** A line of a piece, without its end. */
export interface Line {
  readonly bytes: Buffer;
  /** In words, where it begins. */
  readonly place: string;
  /** Whether the line end before it belongs to the piece, as the start of the file does to the first one. */
  readonly isOwn: boolean;
  /** Whether its rest is lost, or too long to be read. */
  readonly isCut: boolean;
}

/** The lines of a piece, and of what follows it as long as they are asked for. What is left of a line behind a gap is passed over. */
export async function* readLines(reading: Reading): AsyncGenerator<Line> {
  const { window, piece } = reading;
  // The start of the file is a line end; elsewhere a line may have begun before the piece.
  let isFromStart = piece.from === 0;
  let isOwn = isFromStart;
  for (;;) {
    const end = await window.find(newline, 0, longestLine);
    const isCut = end === 'gap' || end === 'far';
    const isLast = end === 'end';
    const length = typeof end === 'number' ? end : window.length;
    const holdsLine = isFromStart && !(isLast && length === 0);
    const bytes = window.slice(0, length);
    const place = reading.place(0);
    if (end === 'gap') reading.tell(window.crossGap());
    if (holdsLine) yield { bytes, place, isOwn, isCut };
    if (isLast) return;
    isFromStart = !isCut;
    if (typeof end === 'number') {
      isOwn = window.isOwn(end);
      window.drop(end + 1);
    } else if (end === 'far') window.drop(window.length);
  }
}
