import { refuseOtherEncodings } from './encoding.js';
import { CorpusError } from './error.js';
import { parsePage, type Page } from './page.js';
import { parseSite, type Site } from './site.js';

const pageOpen = Buffer.from('<page>');
const pageClose = Buffer.from('</page>');

/** A dump being read: what its header says of the wiki, and its pages in file order. */
export interface Dump {
  readonly site: Site;
  readonly pages: AsyncGenerator<Page>;
}

/**
 * Scans the XML of a dump for pages; memory holds one page and one chunk at a time.
 * @param bytes the XML, in chunks of any size
 * @param dump what error messages call the input
 * @throws CorpusError on UTF-16 and the like, on a damaged page, and on an end inside a page or before `</mediawiki>`.
 */
export async function readDump(bytes: AsyncIterable<Uint8Array>, dump: string): Promise<Dump> {
  const window = new Window(bytes);
  while (window.length < 200 && (await window.grow()));
  refuseOtherEncodings(window.slice(0, 200), dump);
  const firstPage = await window.find(pageOpen, 0);
  const header = window.slice(0, firstPage < 0 ? window.length : firstPage).toString('utf8');
  const isXml = /<(mediawiki|page)\b/.test(header) || firstPage >= 0;
  if (!isXml) throw new CorpusError(`${dump} is not a Wikipedia dump: it has neither <mediawiki> nor <page>.`);
  return { site: parseSite(header), pages: scanPages(window, header.includes('<mediawiki'), dump) };
}

async function* scanPages(window: Window, hasRoot: boolean, dump: string): AsyncGenerator<Page> {
  let last = 'before the first page';
  for (;;) {
    const start = await window.find(pageOpen, 0);
    if (start < 0) break;
    window.drop(start);
    const close = await window.find(pageClose, pageOpen.length);
    if (close < 0) throw endsInside(window, dump);
    const length = close + pageClose.length;
    const page = parsePage(window.slice(0, length), window.offset, dump);
    last = `after page ${page.id} ("${page.title}")`;
    yield page;
    window.drop(length);
  }
  const isCutOff = hasRoot && !window.slice(0, window.length).includes('</mediawiki>');
  if (isCutOff) {
    const end = window.offset + window.length;
    throw new CorpusError(`${dump} is cut off ${last}, at byte ${end}: </mediawiki> is missing; fetch it again.`);
  }
}

function endsInside(window: Window, dump: string): CorpusError {
  const head = window.slice(0, Math.min(window.length, 400)).toString('utf8');
  const title = /<title>([^<]*)/.exec(head)?.[1] ?? '?';
  const id = /<id>(\d+)/.exec(head)?.[1] ?? '?';
  return new CorpusError(
    `${dump} is cut off inside page ${id} ("${title}"), which starts at byte ${window.offset} of the XML; fetch it again.`,
  );
}

/** The part of a byte stream in view: it grows at its end and is dropped from its start. */
class Window {
  /** Bytes of the stream before the window. */
  offset = 0;
  #bytes: Buffer = Buffer.alloc(0);
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  get length(): number {
    return this.#bytes.length;
  }

  slice(start: number, end: number): Buffer {
    return this.#bytes.subarray(start, end);
  }

  drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
    this.offset += count;
  }

  async grow(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.#bytes, next.value]);
    return true;
  }

  /** Where `needle` starts in the window, which grows until it is found; -1 when the stream ends first. */
  async find(needle: Buffer, from: number): Promise<number> {
    let searched = from;
    for (;;) {
      const found = this.#bytes.indexOf(needle, searched);
      if (found >= 0) return found;
      searched = Math.max(from, this.#bytes.length - needle.length + 1);
      if (!(await this.grow())) return -1;
    }
  }
}
