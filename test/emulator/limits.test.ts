import assert from 'node:assert/strict';

import { TokenBucket } from '../../emulator/limits/bucket.js';
import { Limits } from '../../emulator/limits/limits.js';
import { DEFAULTS } from '../../emulator/options.js';
import { startService, P, type Answer, type Service } from './support/service.js';

describe('emulator: a token bucket', () => {
  it('gives out what it holds, refuses beyond that, and refills steadily up to its size', () => {
    const bucket = new TokenBucket(3, 2, 100);
    assert.deepEqual(
      Array.from({ length: 4 }, () => bucket.take(100)),
      [true, true, true, false],
    );
    assert.equal(bucket.untilFull(100), 2);
    assert.equal(bucket.take(100.4), false);
    assert.equal(bucket.take(100.5), true);
    assert.equal(bucket.left(101.5), 2);
    assert.equal(bucket.left(999), 3);
    assert.equal(bucket.untilFull(999), 0);
  });

  it('does not refill when its clock goes back', () => {
    const bucket = new TokenBucket(1, 1, 10);
    bucket.take(10);
    assert.equal(bucket.left(5), 0);
    assert.equal(bucket.left(11), 1);
  });
});

describe("emulator: ARM's request limits", () => {
  it('grants a principal 250 reads and 200 writes and deletes, and 25 reads and 10 others a second after that', () => {
    let now = 0;
    const limits = new Limits(true, () => now);
    const granted = (operation: 'reads' | 'writes' | 'deletes'): number =>
      Array.from({ length: 300 }, () => limits.take('a', operation).granted).filter(Boolean).length;
    assert.deepEqual([granted('reads'), granted('writes'), granted('deletes')], [250, 200, 200]);
    assert.deepEqual([limits.take('a', 'reads').retryAfter, limits.take('a', 'writes').retryAfter], [10, 20]);
    now = 1;
    assert.deepEqual([granted('reads'), granted('writes'), granted('deletes')], [25, 10, 10]);
  });

  it('counts principals apart, and all of them together against 15 times as much', () => {
    const limits = new Limits(true, () => 0);
    const used = Array.from({ length: 15 }, (_, one) => {
      for (let call = 0; call < 200; call += 1) limits.take(`p${one}`, 'writes');
      return limits.take(`p${one}`, 'writes').granted;
    });
    assert.ok(used.every((granted) => !granted));
    const late = limits.take('late', 'writes');
    assert.deepEqual([late.granted, late.left], [false, { own: 200, together: 0 }]);
    assert.deepEqual(limits.take('late', 'reads').left, { own: 249, together: 3749 });
    assert.deepEqual((limits.state() as { principals: object }).principals, {
      ...Object.fromEntries(Array.from({ length: 15 }, (_, one) => [`p${one}`, { requests: 201, throttled: 1 }])),
      late: { requests: 2, throttled: 1 },
    });
  });
});

describe("emulator: ARM's request limits on the wire", function () {
  this.timeout(20_000);
  let service: Service;
  const left = ({ headers }: Answer, name: string): string | undefined => {
    const value = headers[`x-ms-ratelimit-remaining-subscription-${name}`];
    return value === undefined ? undefined : String(value);
  };

  beforeEach(async () => (service = await startService()));
  afterEach(() => service.stop());

  it('says on every answer of the management plane what is left, of the operation that was called only', async () => {
    const read = await service.call('GET', '/jobs');
    assert.deepEqual(
      [left(read, 'reads'), left(read, 'global-reads'), left(read, 'writes')],
      ['249', '3749', undefined],
    );
    const write = await service.call('POST', '/computes/none/listNodes');
    assert.deepEqual([write.status, left(write, 'writes'), left(write, 'global-writes')], [404, '199', '2999']);
    const gone = await service.call('DELETE', '/jobs/none');
    assert.deepEqual([left(gone, 'deletes'), left(gone, 'global-deletes')], ['199', '2999']);
  });

  it('says nothing of them on answers of run history, to strangers, and of itself', async () => {
    const history = await service.call('GET', `/history/v1.0${P}/runs/none`);
    const stranger = await service.call('GET', '/jobs', undefined, { authorization: 'Bearer x' });
    const own = await service.call('GET', '/_emulator/state');
    for (const answer of [history, stranger, own]) {
      assert.equal(
        Object.keys(answer.headers).some((name) => name.includes('ratelimit')),
        false,
      );
    }
  });

  it('refuses a burst beyond the bucket with 429, Retry-After and the words of the front door, and counts it', async () => {
    const answers = await burst(service, 320);
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0 && refused.length <= 70, `${refused.length} were refused`);
    assert.equal(answers.filter(({ status }) => status === 200).length, 320 - refused.length);
    const [first] = refused;
    assert.ok(Number(first?.headers['retry-after']) >= 1);
    assert.equal(first?.headers['x-ms-ratelimit-remaining-subscription-reads'], '0');
    assert.deepEqual(Object.keys(first?.json.error), ['code', 'message']);
    assert.equal(first?.json.error.code, 'SubscriptionRequestsThrottled');
    assert.match(
      first?.json.error.message,
      /^Number of 'read' requests for subscription '[^']+' actor '[^']+' exceeded\. Please try again after '\d+' seconds/,
    );
    const { limits } = (await service.call('GET', '/_emulator/state')).json;
    assert.deepEqual(limits.principals[DEFAULTS.clientId], { requests: 320, throttled: refused.length });
  });
});

describe("emulator: ARM's request limits, switched off", function () {
  this.timeout(20_000);

  it('refuse nothing and are not mentioned, but calls are counted', async () => {
    const service = await startService({ rateLimits: false });
    try {
      const answers = await burst(service, 320);
      assert.ok(answers.every(({ status }) => status === 200));
      assert.equal(answers[0]?.headers['x-ms-ratelimit-remaining-subscription-reads'], undefined);
      const { limits } = (await service.call('GET', '/_emulator/state')).json;
      assert.deepEqual(limits, {
        enforced: false,
        principals: { [DEFAULTS.clientId]: { requests: 320, throttled: 0 } },
      });
    } finally {
      await service.stop();
    }
  });
});

// Over few connections: to open one costs more than to ask.
async function burst(service: Service, count: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  let asked = 0;
  const lane = async (): Promise<void> => {
    while (asked < count) {
      asked += 1;
      answers.push(await service.call('GET', '/computes'));
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return answers;
}
