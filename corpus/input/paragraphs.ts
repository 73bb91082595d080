import { isUtf8 } from 'node:buffer';
import type { Page } from '../page.js';
import { readLines } from './lines.js';
import { plainPage } from './plain.js';
import type { Reading } from './reading.js';

/** A document being read. */
interface Open {
  readonly place: string;
  readonly lines: Buffer[];
}

const lineEnd = Buffer.from('\n');

/**
 * The documents of a plain text: runs of lines between blank ones. A document belongs to the piece that the line end before the
 * last blank line before it belongs to, so that nothing need be known of what lies before the piece.
 */
export async function* scanParagraphs(reading: Reading): AsyncGenerator<Page> {
  let open: Open | undefined;
  // The start of the file is as good as a blank line.
  let mayBegin = reading.piece.from === 0;
  for await (const { bytes, place, isOwn, isCut } of readLines(reading)) {
    const isBlank = !isCut && isBlankLine(bytes);
    if (isBlank) {
      const page = closed(reading, open);
      if (page !== undefined) yield page;
      open = undefined;
      if (!isOwn) return;
      mayBegin = true;
    } else if (isCut) {
      const isOurs = open !== undefined || mayBegin;
      if (isOurs) tell(reading, open?.place ?? place, 'is cut off');
      open = undefined;
      mayBegin = false;
    } else {
      if (mayBegin) open = { place, lines: [] };
      mayBegin = false;
      // A copy: the bytes are in view only until the next line is read.
      open?.lines.push(Buffer.from(bytes), lineEnd);
    }
  }
  const last = closed(reading, open);
  if (last !== undefined) yield last;
}

function isBlankLine(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function closed(reading: Reading, open: Open | undefined): Page | undefined {
  if (open === undefined) return undefined;
  const bytes = Buffer.concat(open.lines);
  if (isUtf8(bytes)) return plainPage(bytes.toString('utf8').replace(/^\ufeff/, ''), '');
  tell(reading, open.place, 'holds bytes that are no text in the encoding of the file');
  return undefined;
}

function tell({ input, log }: Reading, place: string, fault: string): void {
  log.report({ problem: `${input.source.name}: the document at ${place} ${fault}`, isPage: true });
}
