import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { blobFiles } from '../../../activities/preparation/blob-files.js';
import type { BlobContainer } from '../../../azure/blob.js';
import { seeded } from '../../house/random.js';
import { smallDump } from '../../e2e/small-config.js';
import { type Deed, type Proxy, startProxy } from '../copy/support/proxy.js';
import { cramped, hasNamespaces } from './support/cramped.js';
import { skipUnless } from '../../house/skip.js';
import { type Doing, hashesIn, prepareAll, requestOf, sourceStore, writeBeside } from './support/preparing.js';
import { dataActivities } from '../support/deps.js';
import { run } from '../support/run.js';

describe('activities: a preparation while something fails', function () {
  this.timeout(60_000);
  let source: BlobContainer;
  let dump: string;
  let expected: Map<string, string>;
  let proxy: Proxy | undefined;

  before(async () => {
    source = await sourceStore();
    dump = writeBeside('faults.xml', smallDump());
    expected = await hashesIn(source, (await prepareAll(requestOf('calm', { dump }))).folder);
  });
  after(() => proxy?.close());

  it('comes to the same bytes where storage is busy, breaks off and loses answers all the time', async () => {
    proxy = await startProxy('preparation-proxied');
    const next = seeded(5);
    const deeds: Deed[] = [{ status: 503, code: 'ServerBusy' }, { status: 429 }, 'reset', 'lose'];
    let refusals = 0;
    const one = proxy;
    const { folder } = await prepareAll(requestOf('refused', { dump }, proxy.cloud), async (_, doIt) => {
      one.rule = () => (next() < 0.15 ? (refusals++, deeds[Math.floor(next() * deeds.length)]) : 'pass');
      return patiently(doIt);
    });
    assert.ok(refusals > 10, `${refusals} requests were refused`);
    assert.deepEqual(await hashesIn(source, folder), expected);
    assert.deepEqual(await source.list('data/refused/unfinished/'), []);
  });

  it('asks again where storage gives no answer at all', async () => {
    const never = new Promise<never>(() => undefined);
    const silent = { range: () => never, write: () => never } as unknown as BlobContainer;
    const files = blobFiles(silent, 'work', new AbortController().signal, 5);
    await assert.rejects(files.read('a'), /^Error: reading work\/a: no answer for 0 s; it is asked again$/);
    await assert.rejects(files.write('a', Buffer.alloc(1)), /^Error: writing work\/a: no answer/);
  });

  it('comes to one dataset where two prepare the same at once', async () => {
    const request = requestOf('twice', { dump });
    const [one, other] = await Promise.all([prepareAll(request), prepareAll(request)]);
    assert.deepEqual(one.contentId, other.contentId);
    assert.deepEqual(await hashesIn(source, one.folder), expected);
    assert.deepEqual(await source.list('data/twice/unfinished/'), []);
  });

  it('is tried again, maybe elsewhere, where the disk of a worker is full, and goes on when there is room', async function () {
    skipUnless(
      hasNamespaces(),
      'a full disk needs a mount of its own (unshare, mount), which is not allowed here',
      this,
    );
    const request = requestOf('full', { dump });
    const { folder } = await prepareAll(request, async (task, doIt) => {
      if (task.stage === 'text' || task.stage === 'pairs') {
        const { inputs } = await run(dataActivities.planPreparation, request);
        const { type, message, nonRetryable } = cramped({ ...request, inputs, task });
        assert.deepEqual([type, nonRetryable], ['DiskFull', false], message);
        assert.match(message, /^the disk of \S+ has no room left in \S+ for a piece of the preparation/);
      }
      return doIt();
    });
    assert.deepEqual(await hashesIn(source, folder), expected);
  });
});

/** As Temporal does it: what may succeed another time is tried again. */
async function patiently(doIt: Parameters<Doing>[1]): ReturnType<Doing> {
  for (let tries = 1; ; tries++) {
    try {
      return await doIt();
    } catch (error) {
      const isFinal = error instanceof ApplicationFailure && error.nonRetryable === true;
      if (isFinal || tries === 30) throw error;
    }
  }
}
