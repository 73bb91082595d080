import assert from 'node:assert/strict';

import { BadFilter, parseFilter } from '../../emulator/prices/filter.js';
import { pageOf } from '../../emulator/prices/routes.js';
import { priceRows } from '../../emulator/prices/rows.js';
import { ask, startService, type Answer, type Service } from './support/service.js';

interface Page {
  BillingCurrency: string;
  Items: { skuName: string; productName: string; retailPrice: number; type: string; armSkuName: string }[];
  NextPageLink: string | null;
  Count: number;
}

describe('emulator: the public price list', function () {
  this.timeout(30_000);
  let service: Service;
  const size = "armRegionName eq 'eastus' and armSkuName eq 'Standard_D2s_v3'";

  before(async () => (service = await startService()));
  after(() => service.stop());

  const list = (query: Record<string, string>): Promise<Answer> => {
    const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return ask(new URL(`/api/retail/prices?${text.join('&')}`, service.emulator.url), service.ca, 'GET');
  };
  const page = async (query: Record<string, string>): Promise<Page> => {
    const { status, json } = await list(query);
    assert.equal(status, 200);
    return json;
  };

  it('answers without a token, with the meters that users of the real one saved of a size', async () => {
    const { BillingCurrency, Items, Count, NextPageLink } = await page({
      'api-version': '2023-01-01-preview',
      $filter: `${size} and priceType eq 'Consumption'`,
    });
    assert.deepEqual([BillingCurrency, Count, NextPageLink], ['USD', 6, null]);
    assert.deepEqual(
      Items.map(({ skuName, productName, retailPrice }) => [skuName, /Windows$/.test(productName), retailPrice]),
      [
        ['D2s v3 Low Priority', true, 0.0752],
        ['D2s v3 Low Priority', false, 0.019],
        ['D2s v3 Spot', false, 0.018816],
        ['D2s v3 Spot', true, 0.036848],
        ['D2s v3', false, 0.096],
        ['D2s v3', true, 0.188],
      ],
    );
  });

  it('lists kinds of price apart, and no reservation', async () => {
    const count = async (type: string) => (await page({ $filter: `${size} and priceType eq '${type}'` })).Count;
    assert.deepEqual([await count('DevTestConsumption'), await count('Reservation')], [3, 0]);
    assert.equal((await page({ $filter: size })).Count, 9);
  });

  it('has no rows for another region', async () => {
    assert.equal((await page({ $filter: "armRegionName eq 'nowhere'" })).Count, 0);
  });

  it('leads from page to page, each row once', () => {
    const rows = priceRows('eastus').slice(0, 9);
    const seen: unknown[] = [];
    for (let start: number | null = 0; start !== null;) {
      const { Items, Count, NextPageLink } = pageOf(rows, start, 4, String);
      assert.equal(Count, Items.length);
      seen.push(...Items);
      start = NextPageLink === null ? null : Number(NextPageLink);
    }
    assert.deepEqual(seen, rows);
  });

  it('goes on where $skip says', async () => {
    const all = priceRows('eastus');
    const rest = await page({ $skip: String(all.length - 2) });
    assert.equal(rest.Count, 2);
    assert.equal(rest.NextPageLink, null);
  });

  it('minds the case of letters since 2023-01-01-preview only', async () => {
    const $filter = "armSkuName eq 'standard_d2S_V3'";
    assert.equal((await page({ $filter })).Count, 9);
    assert.equal((await page({ $filter, 'api-version': '2023-01-01-preview' })).Count, 0);
  });

  const refusals: Record<string, Record<string, string>> = {
    'an operator that the real one refuses': { $filter: "armSkuName in ('Standard_D2s_v3')" },
    'a negation': { $filter: "not contains(productName, 'Windows')" },
    'a kind of price that there is not': { $filter: "priceType eq 'Spot'" },
    'a field that there is not': { $filter: "colour eq 'red'" },
    'a filter that breaks off': { $filter: "armSkuName eq 'Standard" },
    'more than twenty comparisons': { $filter: Array(21).fill("armSkuName eq 'x'").join(' or ') },
    'a version that there is not': { 'api-version': '2023-01-01' },
  };
  for (const [what, query] of Object.entries(refusals)) {
    it(`refuses ${what} with 400 in the words of the service`, async () => {
      const { status, json } = await list(query);
      assert.equal(status, 400);
      const { Error: error } = json as unknown as { Error: { Code: string; Message: string } };
      assert.equal(error.Code, 'BadRequest');
      assert.match(error.Message, /^(Invalid OData parameters supplied|Unsupported API version)$/);
    });
  }

  it('says that it does not know prices in another currency', async () => {
    assert.equal((await list({ currencyCode: "'EUR'" })).status, 501);
    assert.equal((await list({ currencyCode: "'USD'", $filter: size })).status, 200);
  });

  it('evaluates and before or, parentheses first, and quotes within texts', () => {
    const rows = priceRows('eastus').filter(({ armSkuName }) => armSkuName === 'Standard_D2s_v3');
    const count = (filter: string) => rows.filter(parseFilter(filter, true)).length;
    assert.equal(count("skuName eq 'D2s v3' or skuName eq 'D2s v3 Spot' and priceType eq 'Consumption'"), 3 + 2);
    assert.equal(count("(skuName eq 'D2s v3' or skuName eq 'D2s v3 Spot') and priceType eq 'Consumption'"), 2 + 2);
    assert.equal(count("contains(meterName, 'Low Priority') and contains(productName, 'Windows')"), 2);
    assert.equal(count("skuName eq 'it''s'"), 0);
    assert.throws(() => parseFilter("skuName eq 'a' skuName eq 'b'", true), BadFilter);
  });
});
