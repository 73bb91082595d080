import assert from 'node:assert/strict';
import type { BlobContainer } from '../../../azure/blob.js';
import { dataActivities } from '../support/deps.js';
import { failure, run } from '../support/run.js';
import { smallDump } from '../../e2e/small-config.js';
import { hashesIn, prepareAll, requestOf, sourceStore, writeBeside } from './support/preparing.js';
import { startWebServer, type WebServer } from './support/web-server.js';

describe('activities: a preparation of what lies behind HTTP', function () {
  this.timeout(30_000);
  const dump = Buffer.from(smallDump());
  let source: BlobContainer;
  let web: WebServer;
  let expected: Map<string, string>;

  before(async () => {
    source = await sourceStore();
    const { folder } = await prepareAll(requestOf('web-file', { dump: writeBeside('web.xml', dump) }));
    expected = await hashesIn(source, folder);
  });
  beforeEach(async () => {
    web = await startWebServer(dump);
  });
  afterEach(() => web.close());

  const request = (name: string) => requestOf(name, { dump: web.url });
  const made = async (name: string) => hashesIn(source, (await prepareAll(request(name))).folder);
  const refusal = async (name: string) => {
    const { type, message, nonRetryable } = await failure(run(dataActivities.planPreparation, request(name)));
    assert.doesNotMatch(message, /secret/);
    assert.equal(nonRetryable, true);
    return `${type}: ${message}`;
  };

  it('comes to the shards that a file gives', async () => {
    assert.deepEqual(await made('web'), expected);
  });

  it('goes on where the server breaks off, or is busy for a while', async () => {
    let [broken, busy] = [0, 0];
    web.answer = (serve, request, response, number) => {
      if (number % 5 === 1 && busy++ < 3) return void response.writeHead(503, { 'retry-after': '1' }).end();
      const isLarge = request.headers.range !== 'bytes=0-0';
      if (isLarge && broken < 3) return void (broken++, serve(20_000));
      serve();
    };
    assert.deepEqual(await made('web-broken'), expected);
    assert.equal(broken, 3);
    assert.ok(busy > 0);
  });

  it('says of a server that knows no ranges what to do, once and for all', async () => {
    web.answer = (_, request, response) => void response.writeHead(200).end(dump);
    assert.match(await refusal('web-whole'), /^CorpusError: http:.*dump\.xml knows no byte ranges; download the file/);
  });

  it('says of a server that refuses, or tells no version of its file, what to do', async () => {
    web.answer = (_, request, response) => void response.writeHead(403).end();
    assert.match(await refusal('web-refused'), /^CorpusError: .*dump\.xml was refused with status 403/);
    web.answer = (serve) => serve();
    web.etag = null;
    assert.match(
      await refusal('web-nameless'),
      /^NoDump: .*neither ETag nor Last-Modified; download it and name its path/,
    );
  });

  it('notices that the file was replaced midway, for good', async () => {
    const what = request('web-replaced');
    const { inputs } = await run(dataActivities.planPreparation, what);
    web.etag = '"two"';
    const task = { stage: 'text', number: 0 } as const;
    const failed = await failure(run(dataActivities.prepareTask, { ...what, inputs, task }));
    assert.deepEqual([failed.type, failed.nonRetryable], ['DumpReplaced', true]);
    assert.doesNotMatch(failed.message, /secret/);
    web.etag = '"one"';
    web.answer = (serve, { headers }) => {
      // Between the look and the reading.
      if (headers.range !== 'bytes=0-0') web.etag = '"three"';
      serve();
    };
    const later = await failure(run(dataActivities.prepareTask, { ...what, inputs, task }));
    assert.equal(later.nonRetryable, true);
    assert.match(later.message, /dump\.xml has changed while it was read; start again/);
  });
});
