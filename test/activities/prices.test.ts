import assert from 'node:assert/strict';
import { type PipelineRequest, type PipelineResponse, createHttpHeaders } from '@azure/core-rest-pipeline';
import { resolveCloud } from '../../azure/clouds.js';
import type { AzureConnection } from '../../azure/connection.js';
import { AzureError } from '../../azure/errors.js';
import { getRetailPrices } from '../../azure/prices.js';
import type { RunConfig } from '../../domain/config.js';
import { closedAddress, otherCloud } from './support/clouds.js';
import { activities, azure, config, place } from './support/deps.js';
import { failure, run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe('activities: prices', function () {
  this.timeout(30_000);
  before(sharedStack);

  it('are read from the price list: Linux, low priority and dedicated, neither spot nor Windows nor tests', async () => {
    assert.deepEqual(await getRetailPrices(azure(), 'eastus', 'Standard_D2s_v3'), {
      currency: 'USD',
      dedicated: 0.096,
      lowPriority: 0.019,
    });
  });

  it('are not known where the list has no meter: another region, another size', async () => {
    const none = { currency: 'USD', dedicated: null, lowPriority: null };
    assert.deepEqual(await getRetailPrices(azure(), 'nowhere', 'Standard_D2s_v3'), none);
    assert.deepEqual(await getRetailPrices(azure(), 'eastus', "Standard_'s"), none);
  });

  it('are not asked for where the cloud has no price list', async () => {
    const cloud = resolveCloud('AzureChinaCloud');
    const withoutSignIn = () => assert.fail('nothing is asked');
    assert.equal(await getRetailPrices({ cloud, withoutSignIn }, 'chinaeast2', 'Standard_D2s_v3'), null);
  });

  it('are asked of the public list for Azure itself, by region, size and kind, without a token', async () => {
    const { asked, list } = listOf([page([meter()])]);
    await getRetailPrices(list, 'eastus', 'Standard_ND96asr_v4');
    const url = new URL(asked[0]?.url ?? '');
    assert.equal(`${url.origin}${url.pathname}`, 'https://prices.azure.com/api/retail/prices');
    assert.equal(
      url.searchParams.get('$filter'),
      "armRegionName eq 'eastus' and armSkuName eq 'Standard_ND96asr_v4' and priceType eq 'Consumption'",
    );
    assert.equal(asked[0]?.headers.get('authorization'), undefined);
  });

  it('are gathered from all pages', async () => {
    const next = 'https://prices.azure.com:443/api/retail/prices?$filter=x&$skip=1000';
    const { asked, list } = listOf([
      page([meter()], next),
      page([meter({ skuName: 'ND96asr v4 Low Priority', meterName: 'ND96asr v4 Low Priority', retailPrice: 5.44 })]),
    ]);
    const prices = await getRetailPrices(list, 'eastus', 'Standard_ND96asr_v4');
    assert.deepEqual(prices, { currency: 'USD', dedicated: 27.2, lowPriority: 5.44 });
    assert.equal(asked[1]?.url, next);
  });

  it('of a meter that was replaced are those of the newer one, unless it has not begun', async () => {
    const old = meter({ effectiveStartDate: '2024-01-01T00:00:00Z', retailPrice: 30 });
    const next = meter({ effectiveStartDate: '2999-01-01T00:00:00Z', retailPrice: 20 });
    const { list } = listOf([page([old, meter(), next, old])]);
    assert.equal((await getRetailPrices(list, 'eastus', 'Standard_ND96asr_v4'))?.dedicated, 27.2);
  });

  const wrong: Record<string, PipelineAnswer> = {
    'a page of HTML': { status: 200, text: '<html>' },
    'rows without a price': { status: 200, text: JSON.stringify({ Items: [{ skuName: 'x' }] }) },
    'an error': { status: 503, text: 'Service Unavailable' },
    'a page that leads to another host': page([meter()], 'https://prices.example.org/api/retail/prices?$skip=1000'),
    'pages without an end': page([], 'https://prices.azure.com/api/retail/prices?$skip=0'),
  };
  for (const [what, answer] of Object.entries(wrong)) {
    it(`are an error that names the size where the list answers ${what}`, async () => {
      const { list } = listOf([answer]);
      await assert.rejects(getRetailPrices(list, 'eastus', 'Standard_ND96asr_v4'), (error) => {
        assert.ok(error instanceof AzureError);
        assert.match(error.message, /^reading retail prices of Standard_ND96asr_v4 failed/);
        return true;
      });
    });
  }

  it('are an error, not the end of the activity, where the list never answers', async () => {
    const cloud = resolveCloud('AzureCloud');
    const withoutSignIn = ({ abortSignal }: PipelineRequest) =>
      new Promise<PipelineResponse>((_, reject) =>
        abortSignal?.addEventListener('abort', () =>
          reject(Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' })),
        ),
      );
    const read = getRetailPrices({ cloud, withoutSignIn }, 'eastus', 'Standard_ND96asr_v4', { patienceMs: 20 });
    await assert.rejects(read, (error) => error instanceof AzureError && /it took too long$/.test(error.message));
  });

  const preflight = (changes: Partial<RunConfig>, cloud = 'local') =>
    run(activities.preflight, { place: place('prices', cloud), config: { ...config('prices'), ...changes } });

  it('of the config go before the list', async () => {
    const result = await preflight({ cost: { pricePerNodeHour: 0.5, currency: 'EUR' } });
    assert.deepEqual([result.pricePerNodeHour, result.currency, result.priceFrom], [0.5, 'EUR', 'config']);
    assert.equal(result.dedicatedPricePerNodeHour, null, 'dollars are not compared with euros');
    assert.match(result.summary, /1\.00 EUR an hour by cost\.pricePerNodeHour$/);
  });

  it('of the list go before those of the VM sizes, and dedicated ones come along for comparison', async () => {
    const result = await preflight({});
    assert.deepEqual(
      [result.pricePerNodeHour, result.dedicatedPricePerNodeHour, result.priceFrom],
      [0.029, 0.146, 'retail-prices'],
    );
  });

  it('of the VM sizes do where the cloud has no list', async () => {
    const result = await preflight({}, await otherCloud('no-price-list', () => ({ retailPrices: null })));
    assert.deepEqual([result.pricePerNodeHour, result.priceFrom], [0.029, 'vm-sizes']);
  });

  it('of the VM sizes do where the list does not answer, which is told and fails nothing', async () => {
    const retailPrices = await closedAddress();
    const result = await preflight({}, await otherCloud('mute-price-list', () => ({ retailPrices })));
    assert.deepEqual([result.pricePerNodeHour, result.priceFrom], [0.029, 'vm-sizes']);
    assert.match(result.summary, /the retail price list did not answer: reading retail prices of .* failed/);
  });

  it('in another currency than the budget refuse the run, for nothing could keep it', async () => {
    const { type, nonRetryable, message } = await failure(preflight({ cost: { budget: 20, currency: 'EUR' } }));
    assert.deepEqual([type, nonRetryable], ['PreflightFailed', true]);
    assert.match(message, /^cost\.budget is in EUR, and the price of Standard_DS2_v2 is known in USD only: say cost/);
    assert.equal((await preflight({ cost: { budget: 20, currency: 'USD' } })).pricePerNodeHour, 0.029);
  });

  it('that nobody knows refuse a run with a budget', async () => {
    const cluster = { ...config('prices').cluster, sku: 'Standard_A2_v2' };
    const { message } = await failure(preflight({ cluster, cost: { budget: 20, currency: 'USD' } }));
    assert.match(message, /^cost\.budget is 20, and no price of Standard_A2_v2 is known to measure it by/);
  });

  it('that nobody knows are told loudly, and fail nothing without a budget', async () => {
    const cluster = { ...config('prices').cluster, sku: 'Standard_A2_v2' };
    const result = await preflight({ cluster });
    assert.deepEqual([result.pricePerNodeHour, result.priceFrom], [null, null]);
    assert.match(result.summary, /NO PRICE KNOWN, .*say cost\.pricePerNodeHour/);
  });
});

interface PipelineAnswer {
  readonly status: number;
  readonly text: string;
}

function meter(changes: object = {}): object {
  return {
    ...{ retailPrice: 27.2, currencyCode: 'USD', armRegionName: 'eastus', armSkuName: 'Standard_ND96asr_v4' },
    ...{ skuName: 'ND96asr v4', meterName: 'ND96asr v4', productName: 'Virtual Machines NDasrv4 Series' },
    ...{ serviceName: 'Virtual Machines', type: 'Consumption', unitOfMeasure: '1 Hour', tierMinimumUnits: 0 },
    effectiveStartDate: '2026-08-01T00:00:00Z',
    ...changes,
  };
}

function page(items: readonly object[], next: string | null = null): PipelineAnswer {
  return { status: 200, text: JSON.stringify({ Items: items, NextPageLink: next, Count: items.length }) };
}

/** A price list that gives these answers, the last one again and again. */
function listOf(answers: readonly PipelineAnswer[]) {
  const asked: PipelineRequest[] = [];
  const list: Pick<AzureConnection, 'cloud' | 'withoutSignIn'> = {
    cloud: resolveCloud('AzureCloud'),
    withoutSignIn(request): Promise<PipelineResponse> {
      const { status, text } = answers[asked.length] ?? answers.at(-1) ?? { status: 500, text: '' };
      asked.push(request);
      return Promise.resolve({ request, status, headers: createHttpHeaders(), bodyAsText: text });
    },
  };
  return { asked, list };
}
