import assert from 'node:assert/strict';

import { DEFAULTS } from '../../emulator/options.js';
import { createCluster, jobBody } from './support/jobs.js';
import { ask, startService, GROUP, P, WORKSPACE, type Answer, type Service } from './support/service.js';

describe('emulator: what requests meet', function () {
  this.timeout(20_000);
  let service: Service;
  let said: string[];

  before(async () => {
    said = [];
    service = await startService({ speed: 10 }, (line) => said.push(line));
    await createCluster(service, 'pair', { scaleSettings: { minNodeCount: 0, maxNodeCount: 0 } });
  });
  afterEach(() => service.call('DELETE', '/_emulator/faults'));
  after(() => service.stop());

  const meet = async (...requests: object[]): Promise<void> => {
    const answer = await service.call('POST', '/_emulator/faults', { requests });
    assert.equal(answer.status, 200, answer.text);
  };
  const get = (path = '/jobs'): Promise<Answer> => service.call('GET', path);
  const hits = async (): Promise<number[]> => {
    const { scenario } = (await service.call('GET', '/_emulator/state')).json;
    return scenario.flatMap(({ items }: { items: { hit: number }[] }) => items.map(({ hit }) => hit));
  };
  const isCut = (call: Promise<unknown>): Promise<void> => assert.rejects(call, /socket hang up|ECONNRESET/);

  it("can be Azure ML's own 429: without Retry-After, in its envelope, with tokens left at ARM", async () => {
    await meet({ kind: 'tooManyRequests' });
    const { status, headers, json } = await get();
    assert.equal(status, 429);
    assert.equal(headers['retry-after'], undefined);
    assert.ok(Number(headers['x-ms-ratelimit-remaining-subscription-reads']) > 0);
    assert.equal(
      json.error.message,
      'Received too many requests in a short amount of time. Retry again after 20 seconds.',
    );
    const inner = json.error.additionalInfo.find(({ type }: { type: string }) => type === 'InnerError').info.value;
    assert.deepEqual(inner, { code: 'QuotaExceeded', innerError: { code: 'TooManyRequests', innerError: null } });
  });

  it("can be the 429 of ARM's front door: with Retry-After and nothing left", async () => {
    await meet({ kind: 'throttled', retryAfter: 17, method: 'PUT' });
    assert.equal((await get()).status, 200);
    const { status, headers, json } = await service.call('PUT', '/jobs/x', jobBody('pair', 'true'));
    assert.deepEqual(
      [status, headers['retry-after'], headers['x-ms-ratelimit-remaining-subscription-writes'], json.error.code],
      [429, '17', '0', 'SubscriptionRequestsThrottled'],
    );
    assert.match(json.error.message, /^Number of 'write' requests .* try again after '17' seconds/);
  });

  for (const [status, code, hasLimits] of [
    [500, 'InternalServerError', false],
    [502, 'BadGatewayConnection', false],
    [503, 'ServiceUnavailable', false],
    [504, 'TransientError', true],
  ] as const) {
    it(`can be a ${status} of the service, or the page of a gateway`, async () => {
      await meet({ kind: 'error', status, nth: 1 }, { kind: 'error', status, body: 'html' });
      const { headers, json, ...first } = await get();
      assert.deepEqual([first.status, json.error.code], [status, code]);
      assert.equal('x-ms-ratelimit-remaining-subscription-reads' in headers, hasLimits);
      const page = await get();
      assert.deepEqual([page.status, page.headers['content-type']], [status, 'text/html']);
      assert.match(page.text, new RegExp(`^<html>\r\n<head><title>${status} .*<center>nginx</center>\r\n`, 's'));
    });
  }

  it('can be a cut before anything is done', async () => {
    await meet({ kind: 'reset', method: 'PUT', times: 1 });
    await isCut(service.call('PUT', '/jobs/cut', jobBody('pair', 'true')));
    assert.equal((await get('/jobs/cut')).status, 404);
    assert.equal((await service.call('PUT', '/jobs/cut', jobBody('pair', 'true'))).status, 201);
  });

  it('can be a cut after everything is done: the answer is lost, the job is there once', async () => {
    await meet({ kind: 'lostAnswer', method: 'PUT', path: '**/JOBS/lost', nth: 1 });
    await isCut(service.call('PUT', '/jobs/lost', jobBody('pair', 'true')));
    assert.equal((await get('/jobs/lost')).status, 200);
    assert.equal((await service.call('PUT', '/jobs/lost', jobBody('pair', 'true'))).status, 200);
  });

  it('can be a wait, divided by the speed', async () => {
    await meet({ kind: 'slow', seconds: 3, every: 2 });
    const took = async (): Promise<number> => {
      const begun = performance.now();
      assert.equal((await get()).status, 200);
      return performance.now() - begun;
    };
    const [first, second] = [await took(), await took()];
    assert.ok(first < 250, `${first} ms`);
    assert.ok(second >= 299 && second < 900, `${second} ms`);
  });

  it('can be old news: a job that was just put is not found, its old tags are read, and writes hold all the same', async () => {
    await service.call('PUT', '/jobs/known', jobBody('pair', 'true', { tags: { is: 'old' } }));
    await meet({ kind: 'stale', seconds: 3600 });
    await service.call('PUT', '/jobs/known', jobBody('pair', 'true', { tags: { is: 'new' } }));
    await service.call('PUT', '/jobs/young', jobBody('pair', 'true'));
    assert.equal((await get('/jobs/known')).json.properties.tags.is, 'old');
    assert.equal((await get('/jobs/young')).status, 404);
    const names = (answer: Answer): string[] => answer.json.value.map(({ name }: { name: string }) => name);
    assert.equal(names(await get()).includes('young'), false);
    assert.equal((await get(`/history/v1.0${P}/runs/young`)).status, 404);
    assert.equal((await service.call('PUT', '/jobs/young', jobBody('pair', 'true'))).status, 200);
    await service.call('DELETE', '/_emulator/faults');
    assert.equal((await get('/jobs/known')).json.properties.tags.is, 'new');
    assert.ok(names(await get()).includes('young'));
  });

  it('can be a token that counts as expired, on both planes', async () => {
    await meet({ kind: 'expiredToken' });
    const { status, headers, json } = await get();
    assert.deepEqual([status, json.error.code], [401, 'ExpiredAuthenticationToken']);
    assert.match(json.error.message, /^The access token expiry UTC time '.*' is earlier than current UTC time '.*'\.$/);
    assert.match(String(headers['www-authenticate']), /^Bearer authorization_uri="https:.*error="invalid_token"/);
    assert.equal((await get(`/history/v1.0${P}/runs/x`)).status, 401);
  });

  it('can be an outage of hours of everything, tokens included, but for the controls of the emulator itself', async () => {
    await meet({ kind: 'outage', until: 7200 });
    assert.deepEqual([(await get()).status, (await get(`/history/v1.0${P}/runs/x`)).status], [503, 503]);
    const login = new URL(`/${DEFAULTS.tenant}/oauth2/v2.0/token`, service.emulator.url);
    assert.equal((await ask(login, service.ca, 'POST')).status, 503);
    assert.equal((await get('/_emulator/state')).status, 200);
    await service.call('DELETE', '/_emulator/faults');
    await meet({ kind: 'outage', refused: true, plane: 'data' });
    assert.equal((await get()).status, 200);
    await isCut(get(`/history/v1.0${P}/runs/x`));
  });

  it('is one fault after the other where several fit, each counted and said in a line', async () => {
    said.length = 0;
    await meet(
      { kind: 'slow', seconds: 0.1 },
      { kind: 'error', status: 502, nth: 2 },
      { kind: 'tooManyRequests', nth: 2 },
    );
    const statuses = [(await get()).status, (await get()).status, (await get()).status, (await get()).status];
    assert.deepEqual(statuses, [200, 502, 429, 200]);
    assert.deepEqual(await hits(), [4, 1, 1]);
    const lines = said.filter((line) => line.startsWith('scenario: requests['));
    assert.equal(lines.length, 6);
    assert.match(lines[2] ?? '', /^scenario: requests\[1\] error: GET \/subscriptions\/.*\/jobs$/);
  });

  it('is survived by the official client where it retries', async () => {
    await meet({ kind: 'error', status: 503, nth: 1 });
    const found = await service.arm.computeOperations.get(GROUP, WORKSPACE, 'pair');
    assert.equal(found.name, 'pair');
    assert.deepEqual(await hits(), [1]);
  });
});
