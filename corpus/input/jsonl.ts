import { isUtf8 } from 'node:buffer';
import type { Page } from '../page.js';
import { plainPage } from './plain.js';
import { readLines } from './lines.js';
import type { InputOptions } from './options.js';
import type { Reading } from './reading.js';

/** The documents of the lines that begin in the piece: one JSON object a line. Blank lines hold none. */
export async function* scanJsonLines(reading: Reading): AsyncGenerator<Page> {
  const { input, log } = reading;
  for await (const { bytes, place, isOwn, isCut } of readLines(reading)) {
    if (!isOwn) return;
    const page = isCut ? 'is cut off' : pageOf(bytes, input.options);
    if (typeof page === 'string')
      log.report({ problem: `${input.source.name}: the line at ${place} ${page}`, isPage: true });
    else if (page !== undefined) yield page;
  }
}

/** The document, or what is wrong with the line; undefined for a blank one. */
function pageOf(line: Buffer, { textField, titleField, idField }: InputOptions): Page | string | undefined {
  if (!isUtf8(line)) return 'holds bytes that are no text in the encoding of the file';
  const json = line
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim();
  if (json === '') return undefined;
  const fields = parsed(json);
  if (fields === undefined) return 'is no JSON object';
  const text = fields[textField];
  if (typeof text !== 'string') return `has no field "${textField}" that is a text`;
  const id = idField === '' ? undefined : fields[idField];
  const hasBadId = idField !== '' && !(Number.isSafeInteger(id) && (id as number) >= 0);
  if (hasBadId) return `has no field "${idField}" that is a whole number`;
  const title = fields[titleField];
  return plainPage(text, typeof title === 'string' ? title : '', id as number | undefined);
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
