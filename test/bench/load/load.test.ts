import assert from 'node:assert/strict';

import type { Asked } from './ask.js';
import { readListing, type Listed } from './listing.js';
import { openLoop, type Pacer } from './openLoop.js';
import { Page } from './page.js';
import { Tally } from './tally.js';

const OK: Asked = { status: 200, hasRetryAfter: false, failure: null };

describe('bench: an open loop', () => {
  /** Time that passes by sleeping, and by what a send costs. */
  const pacer = (): Pacer & { time: number } => ({
    time: 0,
    now() {
      return this.time;
    },
    sleep(milliseconds) {
      this.time += milliseconds;
      return Promise.resolve();
    },
  });

  it('sends at its rate', async () => {
    const clock = pacer();
    const sent: number[][] = [];
    await openLoop(4, 1, (due, index) => sent.push([due, index, clock.time]), clock);
    assert.deepEqual(sent, [
      [0, 0, 0],
      [250, 1, 250],
      [500, 2, 500],
      [750, 3, 750],
    ]);
  });

  it('makes good for a stall: what was due meanwhile is sent at once, and counts from when it was due', async () => {
    const clock = pacer();
    const sent: number[][] = [];
    const send = (due: number, index: number): void => {
      sent.push([due, clock.time]);
      if (index === 0) clock.time += 600;
    };
    await openLoop(4, 1, send, clock);
    assert.deepEqual(sent, [
      [0, 0],
      [250, 600],
      [500, 600],
      [750, 750],
    ]);
  });
});

describe('bench: a page of a listing', () => {
  const text = Buffer.from('{"value": [{"kind": "job"}, {"kind": "job"}], "nextLink": "https://a/b?c=\\u0026d"}');

  it('is counted and followed however it is cut into chunks', () => {
    for (let size = 1; size <= text.length; size += 1) {
      const page = new Page('"kind": "job"');
      for (let at = 0; at < text.length; at += size) page.add(text.subarray(at, at + size));
      assert.deepEqual(
        [page.items, page.bytes, page.nextLink()],
        [2, text.length, 'https://a/b?c=&d'],
        `cut at ${size}`,
      );
    }
  });

  it('is the last without a link', () => {
    const page = new Page('');
    page.add(Buffer.from('{"value": []}'));
    assert.deepEqual([page.items, page.nextLink()], [0, undefined]);
  });
});

describe('bench: a listing', () => {
  const site: Record<string, string> = {
    one: '{"value": ["item", "item"], "nextLink": "two"}',
    two: '{"value": ["item"]}',
  };
  const read =
    (refused: string | null) =>
    (url: string, received: (chunk: Buffer) => void): Promise<Asked> => {
      if (url === refused) return Promise.resolve({ status: 429, hasRetryAfter: true, failure: null });
      received(Buffer.from(site[url] ?? ''));
      return Promise.resolve(OK);
    };
  const list = (times: number, refused: string | null = null): Promise<Listed> =>
    readListing({ perSecond: 1, pages: ['one'], marker: { text: '"item"', times } }, read(refused));

  it('goes on to the last page and counts its items', async () => {
    assert.deepEqual(await list(3), { ...OK, statuses: [200, 200], bytes: 65 });
  });

  it('fails when items are missing', async () => {
    assert.equal((await list(4)).failure, '3 items');
  });

  it('ends at a page that is refused', async () => {
    assert.deepEqual(await list(3, 'two'), {
      status: 429,
      hasRetryAfter: true,
      failure: null,
      statuses: [200, 429],
      bytes: 46,
    });
  });
});

describe('bench: a tally', () => {
  it('leaves the warm-up out, and counts latency only of what succeeded', () => {
    const start = performance.now();
    const tally = new Tally(start - 10_000, start - 5000);
    tally.got(start - 6000, OK, 10);
    tally.got(start - 1000, OK, 10);
    tally.got(start - 1000, { status: 429, hasRetryAfter: true, failure: null }, 1);
    tally.got(start - 1000, { status: 0, hasRetryAfter: false, failure: 'ECONNRESET' }, 0);
    tally.listed(start - 1000, { ...OK, failure: '3 items', statuses: [200, 200], bytes: 5 });
    const { gets, listings, pages, bytes, lastRefusal, elapsed } = tally.outcome();
    assert.deepEqual(gets.statuses, { 200: 1, 429: 1, 0: 1 });
    assert.deepEqual([gets.failures, gets.withRetryAfter, gets.latencies.length], [{ ECONNRESET: 1 }, 1, 1]);
    assert.deepEqual(
      [listings.statuses, listings.failures, listings.latencies.length],
      [{ 200: 1 }, { '3 items': 1 }, 0],
    );
    assert.deepEqual([pages, bytes], [{ 200: 2 }, 16]);
    assert.ok(lastRefusal >= 10 && elapsed >= lastRefusal);
  });
});
