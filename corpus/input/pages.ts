import { parsePage, type Page } from '../page.js';
import { endsWithRoot } from './root.js';
import type { Reading } from './reading.js';
import type { Stop } from './window.js';

const pageOpen = Buffer.from('<page>');
const pageClose = Buffer.from('</page>');
/** MediaWiki takes no article of more than 2 MB; a history of one may be long. */
const largestPage = 1 << 28;

/** The pages of a dump that begin in the piece, in file order; memory holds one page and one chunk at a time. */
export async function* scanPages(reading: Reading): AsyncGenerator<Page> {
  const { window } = reading;
  let last = 'before the first page';
  for (;;) {
    const start = await window.findOwn(pageOpen);
    if (start === 'gap') {
      const gap = window.crossGap();
      reading.tell(gap);
      if (!gap.isOwn) return;
      continue;
    }
    if (start === 'end') return endOfDump(reading, last);
    if (typeof start !== 'number') return;
    window.drop(start);
    const page = await takePage(reading);
    if (page === undefined) continue;
    last = `after page ${page.id} ("${page.title}")`;
    yield page;
  }
}

/** Reads the page at the start of the window and drops it; undefined when it is damaged. */
async function takePage(reading: Reading): Promise<Page | undefined> {
  const { window } = reading;
  const close = await window.find(pageClose, pageOpen.length, largestPage);
  if (typeof close !== 'number') return losePage(reading, close);
  const element = window.slice(0, close + pageClose.length);
  const another = element.indexOf(pageOpen, pageOpen.length);
  const isWhole = another < 0;
  const page = isWhole ? parsePage(element, window.offset) : 'holds the start of another one';
  const isSound = typeof page !== 'string';
  if (!isSound) {
    const problem = `${reading.input.source.name}: ${nameOf(element.subarray(0, 400))} at ${reading.place(0)} ${page}`;
    reading.log.report({ problem, isPage: true });
  }
  window.drop(isWhole ? element.length : another);
  return isSound ? page : undefined;
}

/** Passes over a page that does not close; what is left of it is passed over by the search for the next one. */
function losePage(reading: Reading, stop: Stop): undefined {
  const { window, log, input } = reading;
  const page = `${nameOf(window.slice(0, 400))}, which starts at ${reading.place(0)}`;
  if (stop === 'gap') reading.tell(window.crossGap());
  else window.drop(stop === 'end' ? window.length : pageOpen.length);
  log.report({
    problem: `${input.source.name} is ${stop === 'end' ? 'cut off' : 'damaged'} inside ${page}`,
    isPage: true,
  });
}

async function endOfDump({ input, piece, window, log }: Reading, last: string): Promise<void> {
  const isLast = piece.to >= input.source.bytes;
  if (!input.hasRoot || !isLast || (await endsWithRoot(input, piece, window))) return;
  const problem = `${input.source.name} is cut off ${last}, at byte ${input.source.bytes}: </mediawiki> is missing`;
  log.report({ problem, isPage: false });
}

/** Which page this is, by what can be read of it. */
function nameOf(head: Buffer): string {
  const text = head.toString('utf8');
  const title = /<title>([^<]*)/.exec(text)?.[1] ?? '?';
  return `page ${/<id>(\d+)/.exec(text)?.[1] ?? '?'} ("${title}")`;
}
