import { appendFileSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Added to the ids of each further copy; no page of the excerpt has one as high. */
const apart = 100_000_000;
const pageId = /(<page>[^]*?<id>)(\d+)/g;
/** Bytes on disk for each byte of a dump: itself, its intermediate files, its shards. */
const diskPerByte = 3;

/**
 * Writes a dump many times over, one copy behind the other in one dump, the pages of each under ids of their own.
 * @returns its bytes
 * @throws Error where the disk has no room for it and for what is made from it
 */
export function writeRepeated(dump: string, copies: number, to: string): number {
  const xml = readFileSync(dump, 'utf8');
  const [start, end] = [xml.indexOf('<page>'), xml.lastIndexOf('</mediawiki>')];
  const needed = diskPerByte * copies * Buffer.byteLength(xml);
  const { bavail, bsize } = statfsSync(dirname(to));
  if (bavail * bsize < needed) {
    throw new Error(`${dirname(to)} has ${bavail * bsize} bytes free, but ${copies} copies take ${needed}.`);
  }
  const pages = xml.slice(start, end);
  writeFileSync(to, xml.slice(0, start));
  let bytes = Buffer.byteLength(xml) - Buffer.byteLength(pages);
  for (let copy = 0; copy < copies; copy++) {
    const renamed = Buffer.from(
      pages.replace(pageId, (_, before: string, id: string) => before + (Number(id) + copy * apart)),
    );
    appendFileSync(to, renamed);
    bytes += renamed.length;
  }
  appendFileSync(to, xml.slice(end));
  return bytes;
}
