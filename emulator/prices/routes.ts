import { Fault } from '../http/fault.js';
import { ok, type Call, type Reply, type Route } from '../http/route.js';
import { BadFilter, parseFilter, type Matches } from './filter.js';
import { priceRows, type PriceRow } from './rows.js';

const PATH = '/api/retail/prices';
const PAGE = 1000;
/** Since this version the case of letters in a filter matters. */
const CASE_MATTERS_SINCE = '2023-01-01-preview';
const API_VERSIONS = ['2021-10-01-preview', CASE_MATTERS_SINCE];

/** The public price list (prices.azure.com), of this emulator's region. */
export const priceRoutes: readonly Route[] = [
  { method: 'GET', path: PATH, guard: 'open', title: 'Retail prices (prices.azure.com)', handle: listPrices },
];

function listPrices(call: Call): Reply {
  const { query, world } = call;
  const version = query.get('api-version');
  if (version !== null && !API_VERSIONS.includes(version)) throw refused('Unsupported API version');
  checkCurrency(query.get('currencyCode'));
  const matches = matchesOf(query.get('$filter'), version);
  const start = Number(query.get('$skip') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw refused('Invalid OData parameters supplied');
  const wanted = priceRows(world.options.region).filter(matches);
  return ok(pageOf(wanted, start, PAGE, (next) => linkTo(call, next)));
}

/** The rows from `start` on, as many as a page holds. @param linkTo address of the page that begins at a row */
export function pageOf(rows: readonly PriceRow[], start: number, size: number, linkTo: (next: number) => string) {
  const Items = rows.slice(start, start + size);
  const next = start + size;
  return {
    BillingCurrency: 'USD',
    CustomerEntityId: 'Default',
    CustomerEntityType: 'Retail',
    Items,
    NextPageLink: next < rows.length ? linkTo(next) : null,
    Count: Items.length,
  };
}

function matchesOf(filter: string | null, version: string | null): Matches {
  if (filter === null) return () => true;
  try {
    return parseFilter(filter, version === CASE_MATTERS_SINCE);
  } catch (error) {
    if (error instanceof BadFilter) throw refused('Invalid OData parameters supplied');
    throw error;
  }
}

// The documentation writes the code in quotes; users leave them out.
function checkCurrency(asked: string | null): void {
  const currency = asked?.replaceAll("'", '') ?? 'USD';
  if (currency === 'USD') return;
  const message = `azureml-emulator does not emulate prices in ${currency}: it knows those in USD.`;
  throw new Fault(501, message, () => ({ Error: { Code: 'NotEmulated', Message: message } }));
}

/** As recorded: the port is spelled out, the query keeps its order and `$skip` comes last. */
function linkTo({ query, site }: Call, start: number): string {
  const parts = ['api-version', 'currencyCode', '$filter'].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return `${site.prices}${PATH}?${[...parts, `$skip=${start}`].join('&')}`;
}

function refused(message: string): Fault {
  return new Fault(400, message, () => ({ Error: { Code: 'BadRequest', Message: message } }));
}
