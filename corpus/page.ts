import { isUtf8 } from 'node:buffer';
import { decodeEntities } from './entities.js';

/** One page of a dump, without the names of its contributors, or one document of a text. */
export interface Page {
  readonly id: number;
  readonly revision: number;
  readonly namespace: number;
  readonly title: string;
  readonly redirect: boolean;
  /** Wikitext of the newest revision in the dump, or the text of a document. */
  readonly text: string;
  readonly isWikitext: boolean;
  /** Where `<page>` starts, in bytes of the XML that the piece unpacks to. */
  readonly offset: number;
}

/**
 * Reads one `<page>...</page>` element.
 * @returns the page, or a clause saying what is wrong with it
 */
export function parsePage(element: Buffer, offset: number): Page | string {
  if (!isUtf8(element)) return 'holds bytes that are no text in the encoding of the file';
  const xml = element.toString('utf8');
  // A dump with history has several revisions, oldest first; the last one is the page as it stands.
  const revisionStart = xml.lastIndexOf('<revision>');
  const head = revisionStart < 0 ? xml : xml.slice(0, xml.indexOf('<revision>'));
  const title = fieldOf(head, 'title');
  const id = Number(fieldOf(head, 'id'));
  if (title === undefined || !Number.isSafeInteger(id)) return 'has no title or no id';
  const revision = revisionStart < 0 ? '' : xml.slice(revisionStart);
  const text = textOf(revision);
  return {
    id,
    revision: Number(fieldOf(revision, 'id') ?? 0),
    namespace: Number(fieldOf(head, 'ns') ?? 0),
    title: decodeEntities(title),
    redirect: head.includes('<redirect') || /^\s*#redirect\b/i.test(text),
    text,
    isWikitext: true,
    offset,
  };
}

function fieldOf(xml: string, name: string): string | undefined {
  const open = `<${name}>`;
  const start = xml.indexOf(open);
  const end = start < 0 ? -1 : xml.indexOf('</', start);
  return end < 0 ? undefined : xml.slice(start + open.length, end);
}

function textOf(revision: string): string {
  const tag = revision.indexOf('<text');
  const open = tag < 0 ? -1 : revision.indexOf('>', tag);
  const isEmpty = open < 0 || revision[open - 1] === '/';
  if (isEmpty) return '';
  const close = revision.indexOf('</text>', open);
  return decodeEntities(revision.slice(open + 1, close < 0 ? undefined : close));
}
