import type { Asked } from './ask.js';
import { Page } from './page.js';
import type { Listings } from './plan.js';

/** A listing read to its end, or to the page that failed; it failed too when not all items were there. */
export interface Listed extends Asked {
  /** Of each page. */
  statuses: number[];
  bytes: number;
}

/** Asks for a page and hands its body over as it comes in. */
export type Read = (url: string, received: (chunk: Buffer) => void) => Promise<Asked>;

/** Reads a listing page after page, first those that are named, then those that a page leads to. */
export async function readListing({ pages, marker }: Listings, read: Read): Promise<Listed> {
  const left = [...pages];
  const listed: Listed = { status: 200, hasRetryAfter: false, failure: null, statuses: [], bytes: 0 };
  let items = 0;
  for (let url = left.shift(); url !== undefined; url = left.shift()) {
    const page = new Page(marker?.text ?? '');
    const asked = await read(url, (chunk) => page.add(chunk));
    listed.statuses.push(asked.status);
    listed.bytes += page.bytes;
    if (asked.status !== 200) return { ...listed, ...asked };
    items += page.items;
    const next = page.nextLink();
    if (next !== undefined) left.push(next);
  }
  const isComplete = marker === null || items === marker.times;
  return isComplete ? listed : { ...listed, failure: `${items} items` };
}
