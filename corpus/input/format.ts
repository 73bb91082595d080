import { isUtf8 } from 'node:buffer';
import { CorpusError } from '../error.js';
import type { Format } from './input.js';

/**
 * What the beginning of a text shows it to be.
 * @param head its first bytes in UTF-8, some thousands if there are as many
 * @throws CorpusError when it is nothing that is read here.
 */
export function formatOf(head: Buffer, name: string): Format {
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  const holdsDump = /<(mediawiki|page)\b/.test(text);
  if (/^\s*</.test(text)) {
    if (holdsDump) return 'xml';
    throw new CorpusError(
      `${name} is not a Wikipedia dump: it begins with "<" but has neither <mediawiki> nor <page>.`,
    );
  }
  if (text.trim() === '') throw new CorpusError(`${name} is empty: it holds neither a dump nor text.`);
  // The last sign may be cut in two.
  const isText = !head.includes(0) && isUtf8(head.subarray(0, lastWhole(head)));
  if (!isText) {
    throw new CorpusError(
      `${name} is neither a Wikipedia dump nor text in UTF-8 or UTF-16; name a .xml, .xml.bz2, .txt or .jsonl file.`,
    );
  }
  if (/^\s*\[\s*[{"]/.test(text)) {
    throw new CorpusError(`${name} is one JSON array; write one object a line (JSON lines) instead.`);
  }
  return /^\s*\{\s*"/.test(text) ? 'jsonl' : 'text';
}

/** Bytes up to the start of the last character. */
function lastWhole(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && ((bytes[end - 1] as number) & 0xc0) === 0x80) end--;
  return Math.max(0, end - 1);
}
