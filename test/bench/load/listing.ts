import type { Asked } from './ask.js';
import type { Listings } from './plan.js';

/** A listing read to its end, or to the page that failed. */
export interface Listed {
  status: number;
  hasRetryAfter: boolean;
  statuses: number[];
  bytes: number;
  /** Whether all items were there; true where nobody said how to count them. */
  isComplete: boolean;
}

const NEXT = Buffer.from('"nextLink"');

/** Reads a listing page after page, first those that are named, then those that a page leads to. */
export async function readListing({ pages, marker }: Listings, read: (url: string) => Promise<Asked>): Promise<Listed> {
  const left = [...pages];
  const listed: Listed = { status: 200, hasRetryAfter: false, statuses: [], bytes: 0, isComplete: true };
  let items = 0;
  for (let url = left.shift(); url !== undefined; url = left.shift()) {
    const { status, hasRetryAfter, body } = await read(url);
    listed.statuses.push(status);
    listed.bytes += body.length;
    if (status !== 200) return { ...listed, status, hasRetryAfter };
    if (marker !== null) items += occurrences(body, Buffer.from(marker.text));
    const next = nextLink(body);
    if (next !== undefined) left.push(next);
  }
  return { ...listed, isComplete: marker === null || items === marker.times };
}

/** The `nextLink` of a page, found without reading all of it: a generator that parsed every page would be what is measured. */
export function nextLink(page: Buffer): string | undefined {
  const at = page.lastIndexOf(NEXT);
  if (at < 0) return undefined;
  const literal = /^\s*:\s*("(?:[^"\\]|\\.)*")/.exec(page.subarray(at + NEXT.length).toString('utf8'))?.[1];
  return literal === undefined ? undefined : (JSON.parse(literal) as string);
}

function occurrences(page: Buffer, text: Buffer): number {
  let times = 0;
  for (let at = page.indexOf(text); at >= 0; at = page.indexOf(text, at + text.length)) times += 1;
  return times;
}
