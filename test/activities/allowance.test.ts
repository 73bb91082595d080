import assert from 'node:assert/strict';
import { type PipelineRequest, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { Allowance } from '../../azure/allowance/allowance.js';
import { Bucket } from '../../azure/allowance/bucket.js';
import { allowancePolicy } from '../../azure/allowance/policy.js';

const ARM = 'https://management.example';

describe('activities: what Azure Resource Manager allows', () => {
  it('gives tokens at once while there are some, then those to come, each to one', () => {
    const bucket = new Bucket(2, 10);
    assert.deepEqual([bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(0)], [0, 0, 0.1, 0.2]);
    assert.equal(bucket.take(1_000), 0);
    assert.equal(bucket.left(60_000), 2);
  });

  it('believes an answer that fewer are left, and never one that more are', () => {
    const bucket = new Bucket(100, 10);
    bucket.atMost(3, 0);
    assert.equal(bucket.left(0), 3);
    bucket.atMost(90, 0);
    assert.equal(bucket.left(0), 3);
  });

  it('never lets more through than Azure would, however many ask at once', () => {
    const allowance = new Allowance();
    const waits = Array.from({ length: 2_000 }, () => allowance.take('reads', 0));
    for (const seconds of [0, 10, 30, 60]) {
      const sent = waits.filter((wait) => wait <= seconds).length;
      assert.ok(sent <= 250 + 25 * seconds, `${sent} within ${seconds} s`);
    }
    assert.equal(allowance.take('writes', 0), 0, 'writes are counted apart');
  });

  it('lets no look ask where few reads are left, and lets others', () => {
    const allowance = new Allowance();
    assert.equal(allowance.sparesLooks(0), true);
    allowance.told('reads', 40, 0);
    assert.equal(allowance.sparesLooks(0), false);
    assert.equal(allowance.take('reads', 0), 0);
    assert.equal(allowance.sparesLooks(2_000), true);
  });

  it('waits as long as a refusal asks for, half a minute at the most', () => {
    const allowance = new Allowance();
    allowance.refused('reads', 10, 0);
    assert.ok(Math.abs(allowance.take('reads', 0) - 10) < 0.1);
    allowance.refused('writes', 3_600, 0);
    assert.ok(Math.abs(allowance.take('writes', 0) - 30) < 0.2);
  });
});

describe('activities: requests under an allowance', () => {
  it('take a token of their kind, and learn from the answer how many are left', async () => {
    const { allowance, send } = policyWith({ 'x-ms-ratelimit-remaining-subscription-reads': '12' });
    await send('GET', `${ARM}/subscriptions/s/resourceGroups/g`);
    assert.equal(allowance.sparesLooks(Date.now()), false);
    assert.equal(allowance.take('writes', Date.now()), 0);
  });

  it('go on after a refusal only when its time is over', async () => {
    const { allowance, send } = policyWith({ 'retry-after': '7' }, 429);
    await send('POST', `${ARM}/subscriptions/s/x/cancel`);
    const wait = allowance.take('writes', Date.now());
    assert.ok(wait > 6.5 && wait <= 7.2, `${wait} s`);
    assert.equal(allowance.take('reads', Date.now()), 0);
  });

  it('are not counted where they go to the data plane of a region', async () => {
    const { allowance, send } = policyWith({ 'x-ms-ratelimit-remaining-subscription-reads': '0' });
    await send('GET', 'https://eastus.api.example/history/v1.0/subscriptions/s');
    assert.equal(allowance.sparesLooks(Date.now()), true);
  });

  it('that were canceled while they wait are not sent', async () => {
    const { allowance, send, sent } = policyWith({});
    allowance.refused('reads', 20, Date.now());
    await assert.rejects(send('GET', `${ARM}/subscriptions/s`, AbortSignal.abort()), { name: 'AbortError' });
    assert.deepEqual(sent, []);
  });
});

function policyWith(headers: Record<string, string>, status = 200) {
  const allowance = new Allowance();
  const policy = allowancePolicy(allowance, ARM);
  const sent: PipelineRequest[] = [];
  const answer = (request: PipelineRequest) => {
    sent.push(request);
    return Promise.resolve({ request, status, headers: createHttpHeaders(headers) });
  };
  const send = (method: 'GET' | 'POST', url: string, abortSignal?: AbortSignal) =>
    policy.sendRequest(createPipelineRequest({ method, url, ...(abortSignal && { abortSignal }) }), answer);
  return { allowance, send, sent };
}
