import { CorpusError } from './error.js';

/**
 * Refuses a dump whose first bytes show another encoding than UTF-8.
 * @throws CorpusError naming the encoding found.
 */
export function refuseOtherEncodings(head: Uint8Array, dump: string): void {
  const found = encodingOf(head);
  if (found === 'UTF-8') return;
  throw new CorpusError(
    `${dump} is encoded in ${found}, but only UTF-8 is read: convert it first, for example with iconv -f ${found} -t UTF-8.`,
  );
}

function encodingOf(head: Uint8Array): string {
  const [a, b] = head;
  if (a === 0xff && b === 0xfe) return 'UTF-16LE';
  if (a === 0xfe && b === 0xff) return 'UTF-16BE';
  // Without a byte order mark the first character, '<', still shows which of its two bytes is zero.
  if (a === 0x3c && b === 0) return 'UTF-16LE';
  if (a === 0 && b === 0x3c) return 'UTF-16BE';
  const declaration = Buffer.from(head.subarray(0, 200)).toString('latin1');
  const declared = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\bencoding=["']([\w.-]+)["']/.exec(declaration)?.[1];
  const isUtf8 = declared === undefined || /^(utf-?8|us-ascii)$/i.test(declared);
  return isUtf8 ? 'UTF-8' : declared;
}
