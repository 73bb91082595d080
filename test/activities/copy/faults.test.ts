import assert from 'node:assert/strict';
import type { CopyDetails } from '../../../activities/copy/tally.js';
import { seeded } from '../../house/random.js';
import { dataActivities } from '../support/deps.js';
import { failure, runUntilDone } from '../support/run.js';
import { BLOCK, datasetFiles, differences } from './support/dataset.js';
import { newCase } from './support/copying.js';
import { type Deed, type Proxy, type Seen, startProxy } from './support/proxy.js';

const SIZES = [8 * BLOCK, 5 * BLOCK + 1, 3];
const BLOCKS = 8 + 6 + 1;
/** Of the vocabulary and of the attribution. */
const OTHERS = 2;

describe('activities: a copy while the service fails', function () {
  this.timeout(30_000);
  const files = datasetFiles(SIZES);
  let proxy: Proxy;

  beforeEach(async () => {
    proxy = await startProxy('copy-proxied');
  });
  afterEach(() => proxy.close());

  const blocksSent = () => proxy.seen.filter(({ comp }) => comp === 'block');
  const accepted = () => blocksSent().filter(({ status, delivered }) => status === 201 && delivered);
  /** Blocks that were sent again behind an answer that had arrived. */
  const needless = () => accepted().length - new Set(accepted().map(({ path, blockId }) => `${path}/${blockId}`)).size;
  const someOf = (share: number, deed: (seen: Seen) => Deed) => {
    const next = seeded(11);
    return (seen: Seen) => (next() < share ? deed(seen) : 'pass');
  };

  it('sends every block once where nothing fails, and tells how far it is', async () => {
    const one = await newCase('calm', files);
    const { result, heartbeats } = await one.copy({ cloud: proxy.cloud });
    assert.deepEqual(await differences(one.target, one.folder, files), []);
    assert.equal(blocksSent().length, BLOCKS + OTHERS);
    assert.deepEqual(result.blocks, { sent: BLOCKS + 1, there: 0, repeated: 0 });
    const told = heartbeats as CopyDetails[];
    const total = SIZES.reduce((sum, size) => sum + size, 0);
    assert.equal(told.at(-1)?.totalBytes, total);
    assert.ok(told.some(({ bytes }) => bytes > 0 && bytes < total));
    assert.ok(
      told.every(({ bytes }, index) => bytes >= (told[index - 1]?.bytes ?? 0)),
      'it never goes back',
    );
    assert.doesNotMatch(JSON.stringify({ result, heartbeats }), /sig=|Bearer/);
  });

  for (const [what, status, headers] of [
    ['503 with Retry-After', 503, { 'retry-after': '0' }],
    ['503 without any code, as a balancer answers', 503, {}],
    ['429', 429, { 'retry-after': '0' }],
    ['503 of the source, as 409', 409, { 'x-ms-copy-source-status-code': '503' }],
  ] as const)
    it(`goes on behind ${what}: what is refused is sent again, what was taken is not`, async () => {
      const one = await newCase(`busy-${status}-${what.length}`, files);
      let refusals = 0;
      proxy.rule = ({ comp, turn }) => {
        const refuses = comp === 'block' && turn % 5 === 2 && refusals < 3;
        if (!refuses) return 'pass';
        refusals++;
        return { status, code: what.includes('without') ? undefined : 'ServerBusy', headers } as Deed;
      };
      const { result } = await one.copy({ cloud: proxy.cloud });
      assert.deepEqual(await differences(one.target, one.folder, files), []);
      assert.deepEqual([refusals, needless(), result.blocks?.repeated], [3, 0, 3]);
    });

  it('goes on behind connections that break, whatever is asked', async () => {
    const one = await newCase('resets', files);
    proxy.rule = someOf(0.15, () => 'reset');
    await runUntilDone(dataActivities.copyData, one.request({ cloud: proxy.cloud }));
    assert.deepEqual(await differences(one.target, one.folder, files), []);
    assert.equal(needless(), 0);
  });

  it('makes one blob of each where answers are lost, those of the last call included', async () => {
    const one = await newCase('lost', files);
    const lost = new Set<string>();
    proxy.rule = ({ method, comp, path, turn }) => {
      const isLost = method === 'PUT' && (comp === 'blocklist' ? !lost.has(path) : turn % 4 === 1);
      if (isLost && comp === 'blocklist') lost.add(path);
      return isLost ? 'lose' : 'pass';
    };
    const { result } = await one.copy({ cloud: proxy.cloud });
    assert.deepEqual(await differences(one.target, one.folder, files), []);
    assert.ok(lost.size >= 3);
    assert.equal(needless(), 0);
    assert.equal(result.copied, 4);
  });

  it('gives way to a source that does not let the service in at once, a known flake of CannotVerifyCopySource', async () => {
    const one = await newCase('flake', files);
    proxy.rule = ({ comp, turn }) =>
      comp === 'block' && turn < 2 ? { status: 403, code: 'CannotVerifyCopySource' } : 'pass';
    await one.copy({ cloud: proxy.cloud });
    assert.deepEqual(await differences(one.target, one.folder, files), []);
  });

  it('ends in a failure that Temporal repeats where the service stays away, and then goes on where it was', async () => {
    const one = await newCase('away', files);
    proxy.rule = ({ comp, turn }) => (comp === 'block' && turn >= 6 ? { status: 500, code: 'InternalError' } : 'pass');
    const { type, nonRetryable } = await failure(one.copy({ cloud: proxy.cloud }));
    assert.deepEqual({ type, nonRetryable }, { type: 'Azure:transient', nonRetryable: false });
    assert.equal(await one.target.info(`${one.folder}/manifest.json`), null, 'a manifest would say that all is there');
    const before = accepted().length;
    proxy.rule = () => 'pass';
    const { result } = await one.copy({ cloud: proxy.cloud });
    assert.deepEqual(await differences(one.target, one.folder, files), []);
    assert.equal(accepted().length, BLOCKS + OTHERS);
    assert.equal(needless(), 0);
    assert.ok((result.blocks?.there ?? 0) > 0 && (result.blocks?.there ?? 0) <= before);
  });

  it('ends at once, with the reason, where the destination refuses this worker', async () => {
    const one = await newCase('refused', files);
    proxy.rule = ({ comp }) => (comp === 'block' ? { status: 403, code: 'AuthorizationPermissionMismatch' } : 'pass');
    const { type, message } = await failure(one.copy({ cloud: proxy.cloud }));
    assert.equal(type, 'Azure:unauthorized');
    assert.match(message, /^copying block \d of .*HTTP 403/);
    assert.ok(blocksSent().length <= BLOCKS, 'nobody is asked again');
  });

  it('lets two workers copy the same at once: one blob of each, the right bytes', async () => {
    const one = await newCase('twice', files);
    await Promise.allSettled([one.copy({ cloud: proxy.cloud }), one.copy({ cloud: proxy.cloud })]);
    // Who comes late may have to look again, as Temporal lets him.
    await one.copy({ cloud: proxy.cloud });
    assert.deepEqual(await differences(one.target, one.folder, files), []);
  });
});
