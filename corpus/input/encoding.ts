import { CorpusError } from '../error.js';
import type { Encoding } from './input.js';

/**
 * The encoding that the first bytes show, by byte order mark, declaration or, for UTF-8, their absence.
 * @param given what the options say, which holds against declaration and absence
 * @throws CorpusError for another encoding, and for UTF-16 that nothing declares.
 */
export function encodingOf(head: Buffer, name: string, given: Encoding | 'auto'): Encoding {
  const marked = markOf(head);
  if (marked !== undefined) return marked;
  if (given !== 'auto') return given;
  const shape = shapeOf(head);
  const declared = declarationIn(head, shape);
  const isUtf16 = shape !== 'utf-8';
  if (isUtf16 && /^utf-?16(le|be)?$/i.test(declared ?? '')) return shape;
  if (isUtf16) {
    throw new CorpusError(
      `${name} looks like ${shape.toUpperCase()} from byte 0 on, but has neither a byte order mark nor a declaration: ` +
        `set input.encoding to ${shape}, or convert it first, for example with iconv -f ${shape.toUpperCase()} -t UTF-8.`,
    );
  }
  const isUtf8 = declared === undefined || /^(utf-?8|us-ascii)$/i.test(declared);
  if (isUtf8) return 'utf-8';
  throw new CorpusError(
    `${name} is encoded in ${declared}, but only UTF-8 and UTF-16 are read: convert it first, for example with iconv -f ${declared} -t UTF-8.`,
  );
}

function markOf([a, b, c]: Buffer): Encoding | undefined {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : undefined;
}

/** Files of the kinds read here begin with a sign of ASCII; which of its two bytes is zero shows the order. */
function shapeOf([a, b]: Buffer): Encoding {
  if (a === 0 && b !== 0) return 'utf-16be';
  return b === 0 && a !== 0 ? 'utf-16le' : 'utf-8';
}

function declarationIn(head: Buffer, shape: Encoding): string | undefined {
  const ascii = head.subarray(0, 400).toString('latin1');
  const start = shape === 'utf-8' ? ascii : ascii.replaceAll('\0', '');
  return /^\s*<\?xml[^>]*\bencoding=["']([\w.-]+)["']/.exec(start)?.[1];
}
