import assert from 'node:assert/strict';
import type { RunConfig } from '../../domain/config.js';
import { otherCloud } from './support/clouds.js';
import { activities, config, place } from './support/deps.js';
import { failure, run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe('activities: preflight', function () {
  this.timeout(30_000);
  before(sharedStack);

  const check = (cluster: Partial<RunConfig['cluster']>, azure: Partial<RunConfig['azure']> = {}) => {
    const asked = config('preflight');
    const where = place('preflight');
    return run(activities.preflight, {
      place: { ...where, azure: { ...where.azure, ...azure } },
      config: { ...asked, cluster: { ...asked.cluster, ...cluster } },
    });
  };
  const refusal = async (cluster: Partial<RunConfig['cluster']>, azure: Partial<RunConfig['azure']> = {}) => {
    const { type, nonRetryable, message } = await failure(check(cluster, azure));
    assert.deepEqual({ type, nonRetryable }, { type: 'PreflightFailed', nonRetryable: true });
    assert.equal(message.includes('\n'), false, 'one sentence, one line');
    return message;
  };

  it('says region, currency, list price and a summary of a config that can run', async () => {
    const result = await check({});
    assert.deepEqual(result, {
      region: 'eastus',
      currency: 'USD',
      pricePerNodeHour: 0.029,
      priceFrom: 'retail-prices',
      dedicatedPricePerNodeHour: 0.146,
      summary: 'local in eastus, 2 x Standard_DS2_v2 low priority, 0.06 USD an hour at list price',
    });
    assert.equal((await check({ priority: 'dedicated' })).pricePerNodeHour, 0.146);
  });

  it('looks at the alternatives too: their prices, and what stands in the way of each', async () => {
    const safe = { name: 'safe', sku: 'Standard_DS2_v2', priority: 'dedicated' as const };
    const { alternativePrices } = await check({
      alternatives: [safe, { ...safe, name: 'own', pricePerNodeHour: 0.1 }],
    });
    assert.deepEqual(alternativePrices, { safe: 0.146, own: 0.1 });
    const wrong = { ...safe, sku: 'Standard_NC24s_v3' };
    const message = await refusal({ alternatives: [wrong] });
    assert.match(message, /^cluster\.alternatives, safe: cluster\.sku Standard_NC24s_v3 is not offered in eastus/);
  });

  it('refuses a SKU that the region does not offer', async () => {
    const message = await refusal({ sku: 'Standard_NC24s_v3' });
    assert.match(message, /^cluster\.sku Standard_NC24s_v3 is not offered in eastus; choose another SKU/);
  });

  it('refuses an environment version that the workspace does not have', async () => {
    const asked = config('preflight');
    const environment = { name: 'curated', version: '31' };
    const message = await failure(
      run(activities.preflight, { place: place('preflight'), config: { ...asked, environment } }),
    );
    assert.match(
      message.message,
      /^the workspace has no environment curated:31; correct environment\.version, or name/,
    );
  });

  it('refuses an H100 as low priority and takes it as dedicated', async () => {
    const sku = 'Standard_NC40ads_H100_v5';
    assert.match(
      await refusal({ sku }),
      /H100_v5 is not offered as low priority in eastus; set cluster\.priority to dedicated/,
    );
    assert.equal((await check({ sku, priority: 'dedicated' })).pricePerNodeHour, 9.07);
  });

  it('says of too little quota the family, the region, cores needed, in use and limit, and the words of the request', async () => {
    const message = await refusal({ sku: 'Standard_ND96asr_v4', nodes: 21, priority: 'low_priority' });
    assert.match(
      message,
      /^too little quota in eastus: Total Cluster LowPriority Regional vCPUs \(family Standard NDASv4_A100 Family\)/,
    );
    assert.match(
      message,
      /needs 2016 more cores for 21 x Standard_ND96asr_v4, \d+ of 2000 are in use\. File a request: "/,
    );
    assert.match(
      message,
      /"Azure portal > Quotas > Machine learning > eastus > Total Cluster LowPriority Regional vCPUs: new limit 20\d\d"/,
    );
  });

  it('counts dedicated nodes against the region and against the family, and names both where both are short', async () => {
    const message = await refusal({ sku: 'Standard_ND96asr_v4', nodes: 21, priority: 'dedicated' });
    assert.match(message, /Total Cluster Dedicated Regional vCPUs .* of 2000 are in use/);
    assert.match(
      message,
      /; too little quota in eastus: Standard {2}NDASv4_A100 {2}Family Cluster Dedicated vCPUs .* of 1000 are in use/,
    );
  });

  it('refuses an existing cluster with another SKU, another priority and too few nodes, all in one answer with the quota', async () => {
    const cluster = { ...config('preflight').cluster, name: 'other' };
    const made = { place: place('preflight'), cluster: { ...cluster, nodes: 2 }, region: 'eastus', chain: 'preflight' };
    await run(activities.ensureCluster, made);
    const message = await refusal({ name: 'other', sku: 'Standard_ND96asr_v4', priority: 'dedicated', nodes: 11 });
    const problems = message.split('; ').filter((part) => /^(cluster|too little)/.test(part));
    assert.deepEqual(
      problems.map((problem) => problem.replace(/,? ?\d+ of .*/, '')),
      [
        'too little quota in eastus: Standard  NDASv4_A100  Family Cluster Dedicated vCPUs (family Standard NDASv4_A100 Family) needs 1056 more cores for 11 x Standard_ND96asr_v4',
        'cluster other exists with STANDARD_DS2_V2, the config says Standard_ND96asr_v4',
        'cluster other exists with priority low_priority, the config says dedicated',
        'cluster other exists and scales to 2 nodes at most, the config needs 11',
      ],
    );
  });

  it('says of a workspace that does not exist its name and what to check, once and for all', async () => {
    const message = await refusal({}, { workspace: 'nowhere' });
    assert.match(
      message,
      /^reading workspace nowhere \(resource group local, subscription [0-9-]+\) failed \(HTTP 404\): .+; check azure\.\* in the config/,
    );
  });

  it('does not take an authority that cannot be reached for a refusal', async () => {
    const cloud = await otherCloud('no-authority', () => ({ authority: 'https://127.0.0.1:1' }));
    const { nonRetryable, message } = await failure(check({}, { cloud }));
    assert.equal(nonRetryable, false, message);
  });
});
