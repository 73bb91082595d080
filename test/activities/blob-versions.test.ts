import assert from 'node:assert/strict';
import type { BlobContainer } from '../../azure/blob.js';
import type { AzureError } from '../../azure/errors.js';
import { type Deed, type Proxy, startProxy } from './copy/support/proxy.js';
import { deps, place, store } from './support/deps.js';

describe('activities: versions of a blob', function () {
  this.timeout(20_000);
  let container: BlobContainer;
  let proxy: Proxy | undefined;

  before(async () => {
    container = await store();
  });
  after(() => proxy?.close());

  it('have one name, whether they are listed or looked at', async () => {
    await container.write('versions/one', 'content');
    const [listed] = await container.list('versions/one');
    assert.deepEqual(listed, await container.info('versions/one'));
    await container.write('versions/one', 'more', { onlyIfStill: listed?.etag ?? '' });
  });

  it('are never mixed by a copy: a source that is replaced midway gives no blob, and is copied the next time', async () => {
    proxy = await startProxy('versions-proxied');
    const { account, container: name } = place('any').storage;
    const proxied = deps.connection(place('any', proxy.cloud).azure).container(account, name);
    await container.write('versions/from', 'the first');
    let replaced = false;
    proxy.rule = async ({ comp }): Promise<Deed> => {
      const isFirst = comp === 'block' && !replaced;
      replaced ||= isFirst;
      if (isFirst) await container.write('versions/from', 'the second');
      return 'pass';
    };
    const copy = () => proxied.copyFrom(proxied, 'versions/from', 'versions/to');
    await assert.rejects(copy(), (error: AzureError) => {
      assert.deepEqual(
        [error.kind, error.message],
        ['transient', 'the source blob versions/from changed while it was copied; copying it again'],
      );
      return true;
    });
    assert.equal(await container.info('versions/to'), null);
    await copy();
    assert.equal(await container.text('versions/to'), 'the second');
  });
});
