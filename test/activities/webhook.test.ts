import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { webhookActivities, webhookProblems } from '../../activities/webhook/deliver.js';
import { runConfigSchema } from '../../domain/config.js';
import { type WebhookMessage, messageOf } from '../../domain/webhook/message.js';
import { installation } from '../../installation.js';
import { config, written } from '../domain/samples.js';
import { failure, observe, run } from './support/run.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const SECRET_ENV = 'BERTHA_TEST_WEBHOOK_SECRET';

/** The example of docs/webhook.md, as a receiver would have it. */
async function verifyOfThePage() {
  const page = readFileSync(join(installation, 'docs', 'webhook.md'), 'utf8');
  const code = /```js\n([^]*?)```/.exec(page)?.[1] ?? '';
  const module: unknown = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return (module as { verify(secret: string, headers: IncomingHttpHeaders, body: string): unknown }).verify;
}

describe('activities: the webhook', () => {
  interface Post {
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }
  let server: Server;
  let url: string;
  let posts: Post[];
  let answer: (body: string) => number;
  const { deliverMessages } = webhookActivities({ now: Date.now });
  const { name, azure, storage } = config();
  const place = { run: name, azure, storage };
  const messages = [1, 2, 3].map((sequence) =>
    messageOf(name, 'chain', { kind: 'alert', phase: 'p1', text: `alert ${sequence}`, sequence, at: sequence * 1000 }),
  ) as WebhookMessage[];
  const delivery = (over: { secretEnv?: string; url?: string } = {}) => ({
    ...{ place, messages, webhook: { url, secretEnv: SECRET_ENV, ...over } },
  });

  before((done) => {
    process.env[SECRET_ENV] = SECRET;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        posts.push({ headers: request.headers, body });
        const status = answer(body);
        response.writeHead(status, status === 302 ? { location: `${url}/elsewhere` } : {}).end();
      });
    }).listen(0, '127.0.0.1', () => {
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
      done();
    });
  });
  after((done) => {
    delete process.env[SECRET_ENV];
    server.close(done);
    server.closeAllConnections();
  });
  beforeEach(() => {
    posts = [];
    answer = () => 204;
  });

  it('posts each message once, and the example of docs/webhook.md verifies it', async () => {
    await run(deliverMessages, delivery());
    const verify = await verifyOfThePage();
    assert.deepEqual(
      posts.map(({ headers, body }) => verify(SECRET, headers, body)),
      messages,
    );
    assert.deepEqual(
      posts.map(({ headers }) => headers['webhook-id']),
      messages.map(({ data }) => data.id),
    );
  });

  it('is found out by that example where body, id, time or secret are not ours, or where it is old', async () => {
    await run(deliverMessages, delivery());
    const verify = await verifyOfThePage();
    const [first] = posts;
    assert.ok(first);
    const { headers, body } = first;
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const now = Math.floor(Date.now() / 1000);
    assert.throws(() => verify(SECRET, headers, `${body} `), /signature is wrong/);
    assert.throws(() => verify(SECRET, { ...headers, 'webhook-id': 'another' }, body), /signature is wrong/);
    assert.throws(
      () => verify(SECRET, { ...headers, 'webhook-timestamp': String(now + 9) }, body),
      /signature is wrong/,
    );
    assert.throws(() => verify(other, headers, body), /signature is wrong/);
    assert.throws(() => verify(SECRET, { ...headers, 'webhook-timestamp': String(now - 400) }, body), /too old/);
  });

  it('signs as the specification has it, by the vector of its reference library', async () => {
    const { keyOf, signedHeaders } = await import('../../activities/webhook/signature.js');
    const key = keyOf('X', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    assert.ok(typeof key !== 'string');
    const headers = signedHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', key);
    assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is repeated where one is not taken: that one with its id, those that were taken not again', async () => {
    answer = (body) => (body.includes('alert 2') ? 503 : 200);
    const heartbeats: unknown[] = [];
    const refused = await failure(observe(deliverMessages, delivery(), {}, heartbeats));
    assert.match(refused.message, /^the webhook at 127\.0\.0\.1:\d+ answered HTTP 503$/);
    assert.equal(refused.nonRetryable, false);
    answer = () => 200;
    await run(deliverMessages, delivery(), { heartbeatDetails: heartbeats.at(-1) });
    assert.deepEqual(
      posts.map(({ body }) => /alert \d/.exec(body)?.[0]),
      ['alert 1', 'alert 2', 'alert 3', 'alert 2'],
    );
    assert.equal(posts[1]?.headers['webhook-id'], posts[3]?.headers['webhook-id']);
  });

  it('follows no redirection, and takes one for a refusal', async () => {
    answer = () => 302;
    const refused = await failure(run(deliverMessages, delivery()));
    assert.match(refused.message, /HTTP 302/);
    assert.equal(posts.length, 3);
  });

  it('is not repeated where the receiver says that it is gone', async () => {
    answer = () => 410;
    const { nonRetryable, message } = await failure(run(deliverMessages, delivery()));
    assert.deepEqual([nonRetryable, posts.length], [true, 1]);
    assert.match(message, /says that it is gone/);
  });

  it('is repeated where nobody answers, without knocking once for every message', async () => {
    const { message, nonRetryable } = await failure(run(deliverMessages, delivery({ url: 'http://127.0.0.1:9/hook' })));
    assert.match(message, /^the webhook at 127\.0\.0\.1:9 gave no answer: /);
    assert.equal(nonRetryable, false);
  });

  it('without its secret says whose it is and what it must be, and nothing of it', async () => {
    const { message, nonRetryable } = await failure(
      run(deliverMessages, delivery({ secretEnv: 'BERTHA_TEST_NOWHERE' })),
    );
    assert.match(message, /has no BERTHA_TEST_NOWHERE; set it to whsec_/);
    assert.equal(nonRetryable, false);
    process.env['BERTHA_TEST_SHORT'] = 'whsec_c2hvcnQ=';
    const webhook = { url, secretEnv: 'BERTHA_TEST_SHORT' };
    const [problem = ''] = webhookProblems({ ...config(), alerts: { webhook } });
    delete process.env['BERTHA_TEST_SHORT'];
    assert.match(problem, /BERTHA_TEST_SHORT is not whsec_ and 24 to 64 bytes in base64/);
    assert.doesNotMatch(problem, /c2hvcnQ/);
    assert.deepEqual(webhookProblems(config()), []);
  });

  it('is refused by the config where it holds a secret, or no address', () => {
    const parse = (webhook: object) => runConfigSchema.safeParse({ ...written(), alerts: { webhook } });
    const good = { url: 'https://hooks.example.org/x', secretEnv: 'BERTHA_WEBHOOK_SECRET' };
    assert.equal(parse(good).success, true);
    for (const wrong of [
      { ...good, secretEnv: 'whsec_bm90IGEgbmFtZQ==' },
      { ...good, url: 'https://ada:secret@hooks.example.org/x' },
      { ...good, url: 'ftp://hooks.example.org/x' },
      { ...good, url: 'hooks' },
    ])
      assert.equal(parse(wrong).success, false, JSON.stringify(wrong));
  });
});
