import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDefaultHttpClient, createPipelineFromOptions } from '@azure/core-rest-pipeline';
import { AnonymousCredential, ContainerClient, newPipeline } from '@azure/storage-blob';
import { sendSourceConditions } from '../../../azure/copy/condition.js';
import { copyBlob } from '../../../azure/copy/copy-blob.js';
import { blobSource } from '../../../azure/copy/sources/blob.js';
import { asPublic, byIdentity } from '../../../azure/copy/sources/entries.js';
import { httpsSource } from '../../../azure/copy/sources/https.js';
import { CopyTarget } from '../../../azure/copy/target.js';
import { BLOCK, randomBytes } from './support/dataset.js';
import { kitOf } from './support/tools.js';

/** What Azurite does not do, against a server that answers as the REST reference says: unproven against Azure itself. */
describe('activities: what the documentation of Blob storage says and Azurite does not', () => {
  const bytes = randomBytes(3 * BLOCK + 5);
  let server: Server;
  let base: string;
  let requests: IncomingMessage[];
  let etag: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => boolean;
  const staged = new Map<string, number>();

  before(async () => {
    server = createServer((request, response) => {
      requests.push(request);
      request.resume();
      if (!answer(request, response)) serve(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/account`;
  });
  beforeEach(() => {
    [requests, etag, answer] = [[], '"0x1"', () => false];
    staged.clear();
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  /** One blob at the source, one at the destination that exists when it is put together. */
  function serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', base);
    const comp = url.searchParams.get('comp');
    const dated = { 'last-modified': new Date(0).toUTCString() };
    if (comp === 'block') return void stage(request, response, url.searchParams.get('blockid') ?? '');
    if (comp === 'blocklist' && request.method === 'PUT') return void response.writeHead(201, { etag: '"0x2"' }).end();
    if (comp === 'blocklist')
      return void response.writeHead(200, { 'content-type': 'application/xml' }).end(blockList());
    if (url.pathname.includes('/to/')) return void response.writeHead(404).end();
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
    const body = range === null ? bytes : bytes.subarray(Number(range[1]), Number(range[2]) + 1);
    const expected = request.headers['if-match'];
    if (expected !== undefined && expected !== etag) return void response.writeHead(412).end();
    response.writeHead(range === null ? 200 : 206, { ...dated, etag, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  function stage({ headers }: IncomingMessage, response: ServerResponse, id: string): void {
    const [, from = 0, to = 0] = /bytes=(\d+)-(\d+)/.exec(String(headers['x-ms-source-range'])) ?? [];
    const length =
      headers['x-ms-copy-source'] === undefined ? Number(headers['content-length']) : Number(to) - Number(from) + 1;
    staged.set(id, length);
    response.writeHead(201).end();
  }

  const blockList = () =>
    `<?xml version="1.0" encoding="utf-8"?><BlockList><UncommittedBlocks>${[...staged]
      .map(([id, size]) => `<Block><Name>${id}</Name><Size>${size}</Size></Block>`)
      .join('')}</UncommittedBlocks></BlockList>`;

  const target = () => {
    const pipeline = newPipeline(new AnonymousCredential(), { retryOptions: { maxTries: 1 } });
    sendSourceConditions(pipeline);
    return new CopyTarget(new ContainerClient(`${base}/to`, pipeline));
  };
  const reader = () => new ContainerClient(`${base}/from`, new AnonymousCredential());
  const plain = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  const send: Parameters<typeof httpsSource>[1] = (request) => {
    request.allowInsecureConnection = true;
    return plain.sendRequest(createDefaultHttpClient(), request);
  };
  const wanted = { from: 'shard', to: 'shard', known: null, blockBytes: BLOCK };
  const blocks = () => requests.filter(({ url }) => url?.includes('comp=block&') === true);

  describe('a source that the service reads with the token of our identity', () => {
    const credential = {
      getToken: () => Promise.resolve({ token: 'our-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    };

    it('is shown the token with every block, and the ETag that it must have', async () => {
      await copyBlob(wanted, kitOf(blobSource(`${base}/from`, reader, byIdentity(credential)), target()));
      assert.equal(blocks().length, 4);
      for (const { headers } of blocks()) {
        assert.equal(headers['x-ms-copy-source-authorization'], 'Bearer our-token');
        assert.equal(headers['x-ms-source-if-match'], '"0x1"');
        assert.equal(headers['x-ms-copy-source'], `${base}/from/shard`);
        assert.equal(headers['content-length'], '0');
      }
    });

    it('has changed where Azure answers 412 for the source, under whatever code', async () => {
      let refused = 0;
      answer = (request, response) => {
        if (request.url?.includes('comp=block&') !== true || refused++ > 0) return false;
        etag = '"0x9"';
        response
          .writeHead(409, { 'x-ms-error-code': 'CannotVerifyCopySource', 'x-ms-copy-source-status-code': '412' })
          .end();
        return true;
      };
      const kit = kitOf(blobSource(`${base}/from`, reader, byIdentity(credential)), target());
      assert.equal((await copyBlob(wanted, kit)).sourceEtag, '"0x9"');
      assert.ok(kit.news.some(({ kind }) => kind === 'restarted'));
      assert.equal(blocks().at(-1)?.headers['x-ms-source-if-match'], '"0x9"');
    });
  });

  it('a public source is read without any credential', async () => {
    await copyBlob(wanted, kitOf(blobSource(`${base}/from`, reader, asPublic()), target()));
    for (const { headers } of blocks()) {
      assert.equal(headers['x-ms-copy-source-authorization'], undefined);
      assert.equal(headers['x-ms-copy-source'], `${base}/from/shard`);
    }
  });

  it('a service that shortens a range in silence gives no blob that lacks bytes', async () => {
    answer = (request, response) => {
      const id = new URL(request.url ?? '', base).searchParams.get('blockid');
      if (id === null || !id.endsWith('00000002')) return false;
      staged.set(id, 1);
      response.writeHead(201).end();
      return true;
    };
    const copying = copyBlob(wanted, kitOf(blobSource(`${base}/from`, reader, asPublic()), target()));
    await assert.rejects(
      copying,
      /^AzureError: 1 of the 4 blocks of shard are not there in the size that was asked for/,
    );
    assert.ok(!requests.some(({ method, url }) => method === 'PUT' && url?.includes('comp=blocklist')));
  });

  describe('a web server', () => {
    it('is read by ranges of one version, and each block is sent with its MD5', async () => {
      await copyBlob(wanted, kitOf(httpsSource(`${base}/from/`, send), target()));
      const reads = requests.filter(({ headers }) => headers.range !== undefined);
      assert.deepEqual(
        reads.map(({ headers }) => headers['if-match']),
        Array(4).fill('"0x1"'),
      );
      const md5 = createHash('md5')
        .update(bytes.subarray(3 * BLOCK))
        .digest('base64');
      assert.ok(blocks().some(({ headers }) => headers['content-md5'] === md5 && headers['content-length'] === '5'));
    });

    it('that gives other bytes midway makes the copy start anew', async () => {
      let changed = false;
      answer = ({ headers }) => {
        if (headers.range !== undefined && !changed) [changed, etag] = [true, '"0x7"'];
        return false;
      };
      const kit = kitOf(httpsSource(`${base}/from`, send), target());
      assert.equal((await copyBlob(wanted, kit)).sourceEtag, '"0x7"');
    });

    it('that knows no ranges, or tells no version, is refused with what to do', async () => {
      answer = ({ method, headers }, response) => {
        if (method !== 'GET' || headers.range === undefined) return false;
        response.writeHead(200, { etag }).end(bytes);
        return true;
      };
      await assert.rejects(copyBlob(wanted, kitOf(httpsSource(`${base}/from`, send), target())), {
        kind: 'permanent',
        message: /is not served by ranges; fetch it to a folder and copy that \(data\.source\.folder\)$/,
      });
      answer = ({ method }, response) => {
        if (method !== 'HEAD') return false;
        response.writeHead(200, { 'content-length': 5 }).end();
        return true;
      };
      await assert.rejects(
        copyBlob(wanted, kitOf(httpsSource(`${base}/from`, send), target())),
        /tells neither ETag nor date/,
      );
    });
  });
});
