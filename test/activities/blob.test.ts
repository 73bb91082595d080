import assert from 'node:assert/strict';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AnonymousCredential, BlobServiceClient } from '@azure/storage-blob';
import { BlobContainer } from '../../azure/blob.js';

const SHORT = '{"chains":["a"]}';
const LONG = '{"chains":["a","b"]}';

describe('activities: reading a blob', () => {
  let server: Server;
  let container: BlobContainer;
  let content = SHORT;

  before(async () => {
    // Every request finds the blob as it is, and then somebody writes a longer one.
    server = createServer((request, response) => {
      const body = content;
      content = LONG;
      const headers = {
        'content-length': body.length,
        etag: `"${body.length}"`,
        'last-modified': new Date(0).toUTCString(),
      };
      response.writeHead(200, headers);
      response.end(request.method === 'HEAD' ? undefined : body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const service = new BlobServiceClient(`http://127.0.0.1:${port}/account`, new AnonymousCredential());
    container = new BlobContainer(service, 'account', 'bertha');
  });
  after(() => server.close());

  it('gives it as it was at one moment, though it is written anew while it is read', async () => {
    assert.equal(await container.text('runs/demo/run.json'), SHORT);
    assert.deepEqual(await container.json('runs/demo/run.json'), JSON.parse(LONG));
  });
});
