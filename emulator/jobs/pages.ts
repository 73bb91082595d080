import type { Job } from '../entities/job.js';
import type { Call } from '../http/route.js';
import type { Jobs } from './jobs.js';
import { jobItems } from './texts.js';

/** How much of the texts of pages is kept, in bytes; one page is kept however big it is. */
const KEPT_BYTES = 16 * 1024 * 1024;

interface Page {
  items: readonly Buffer[];
  nextLink: string | undefined;
  text: Buffer;
}

/** Pages by address, the one that was asked for last at the end. */
interface Pages {
  byAddress: Map<string, Page>;
  bytes: number;
}

const kept = new WeakMap<Jobs, Pages>();

/**
 * The text of a page of jobs: the bytes of `{ value: [...], nextLink }` printed with two spaces. It is kept, and answered again
 * while all its items are what they were: pages are big, and a new one for each request would be most of the emulator's memory.
 */
export function jobPageText(call: Call, jobs: readonly Job[], nextLink: string | undefined): Buffer {
  const items = jobItems(call, jobs);
  const { href } = call.url;
  const pages = kept.get(call.world.jobs) ?? { byAddress: new Map<string, Page>(), bytes: 0 };
  kept.set(call.world.jobs, pages);
  const found = pages.byAddress.get(href);
  const page = isOf(found, items, nextLink) ? found : { items, nextLink, text: print(items, nextLink) };
  keep(pages, href, page);
  return page.text;
}

function isOf(page: Page | undefined, items: readonly Buffer[], nextLink: string | undefined): page is Page {
  if (page?.nextLink !== nextLink || page?.items.length !== items.length) return false;
  return items.every((item, index) => item === page.items[index]);
}

function keep(pages: Pages, address: string, page: Page): void {
  pages.bytes += page.text.length - (pages.byAddress.get(address)?.text.length ?? 0);
  pages.byAddress.delete(address);
  pages.byAddress.set(address, page);
  for (const [oldest, { text }] of pages.byAddress) {
    if (pages.bytes <= KEPT_BYTES || oldest === address) return;
    pages.byAddress.delete(oldest);
    pages.bytes -= text.length;
  }
}

function print(items: readonly Buffer[], nextLink: string | undefined): Buffer {
  const next = nextLink === undefined ? '' : `,\n  "nextLink": ${JSON.stringify(nextLink)}`;
  const [first, ...others] = items;
  if (first === undefined) return Buffer.from(`{\n  "value": []${next}\n}`);
  // The first item needs no comma before it.
  return Buffer.concat([Buffer.from('{\n  "value": ['), first.subarray(1), ...others, Buffer.from(`\n  ]${next}\n}`)]);
}
