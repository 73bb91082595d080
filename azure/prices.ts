import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import type { ListPrices } from '../domain/prices.js';
import type { AzureConnection } from './connection.js';
import { AzureError, calling, fromStatus } from './errors.js';

const PATH = '/api/retail/prices';
const API_VERSION = '2023-01-01-preview';
/** A size in a region has some ten meters: more pages are a list that leads nowhere. */
const MOST_PAGES = 10;
/** For all pages together: a firewall may let every request wait, and nobody's start hangs on a price. */
const PATIENCE_MS = 15_000;

const meterSchema = z.object({
  retailPrice: z.number(),
  currencyCode: z.string(),
  armRegionName: z.string(),
  armSkuName: z.string(),
  skuName: z.string(),
  meterName: z.string(),
  productName: z.string(),
  serviceName: z.string(),
  type: z.string(),
  unitOfMeasure: z.string(),
  tierMinimumUnits: z.number().default(0),
  effectiveStartDate: z.string().default(''),
});
type Meter = z.output<typeof meterSchema>;

const pageSchema = z.object({ Items: z.array(meterSchema), NextPageLink: z.string().nullish() });

const errorSchema = z.object({ Error: z.object({ Message: z.string() }).optional() });

type Asker = Pick<AzureConnection, 'cloud' | 'withoutSignIn'>;

/**
 * Reads the public price list of the cloud (Azure Retail Prices API, no sign-in) for one size in one region, Linux only.
 * Reservations, spot and Windows are other products. Low-priority meters exist for sizes too that Azure ML refuses as low priority.
 * @param sku as Azure writes it: the list minds the case of letters
 * @returns null where the cloud has no price list; prices are null where it has no meter
 * @throws AzureError where the list cannot be read
 */
export async function getRetailPrices(
  azure: Asker,
  region: string,
  sku: string,
  { currency = 'USD', patienceMs = PATIENCE_MS }: { currency?: string; patienceMs?: number } = {},
): Promise<ListPrices | null> {
  const base = azure.cloud.retailPrices;
  if (base === null) return null;
  const all = await allMeters(azure, firstPage(base, region, sku, currency), sku, patienceMs);
  const meters = all.filter(
    (meter) => meter.armSkuName === sku && meter.armRegionName === region && isOfLinuxNodes(meter),
  );
  const dedicated = newest(meters.filter((meter) => tierOf(meter) === 'dedicated'));
  const lowPriority = newest(meters.filter((meter) => tierOf(meter) === 'low-priority'));
  return {
    currency: meters[0]?.currencyCode ?? currency,
    dedicated: dedicated?.retailPrice ?? null,
    lowPriority: lowPriority?.retailPrice ?? null,
  };
}

/** Dollars are what is answered unless asked otherwise; the documentation puts the code of another currency in quotes. */
function firstPage(base: string, region: string, sku: string, currency: string): string {
  const filter = `armRegionName eq '${quoted(region)}' and armSkuName eq '${quoted(sku)}' and priceType eq 'Consumption'`;
  const inCurrency = currency === 'USD' ? '' : `&currencyCode='${encodeURIComponent(currency)}'`;
  return `${base}${PATH}?api-version=${API_VERSION}${inCurrency}&$filter=${encodeURIComponent(filter)}`;
}

async function allMeters(azure: Asker, first: string, sku: string, patienceMs: number): Promise<Meter[]> {
  const tooLong = AbortSignal.timeout(patienceMs);
  const what = `reading retail prices of ${sku}`;
  const meters: Meter[] = [];
  let url: string | null = first;
  for (let pages = 0; url !== null; pages += 1) {
    if (pages === MOST_PAGES) throw new AzureError('permanent', `${what} failed: more than ${MOST_PAGES} pages`);
    const { Items, NextPageLink } = await onePage(azure, what, url, tooLong);
    meters.push(...Items);
    url = nextPage(first, NextPageLink ?? null, what);
  }
  return meters;
}

async function onePage(azure: Asker, what: string, url: string, tooLong: AbortSignal) {
  const request = createPipelineRequest({
    method: 'GET',
    url,
    headers: createHttpHeaders({ accept: 'application/json' }),
    abortSignal: tooLong,
  });
  const answer = await calling(what, () => azure.withoutSignIn(request)).catch((cause: unknown) => {
    // The SDK says the same word to whoever gave up himself.
    throw tooLong.aborted ? new AzureError('transient', `${what} failed: it took too long`, { cause }) : cause;
  });
  const text = answer.bodyAsText ?? '';
  if (answer.status !== 200) throw fromStatus(what, answer.status, reasonOf(text));
  const page = pageSchema.safeParse(parsed(text));
  if (page.success) return page.data;
  throw new AzureError('transient', `${what} failed: the answer is not a page of prices`, { cause: page.error });
}

/** The list says `Error` where Azure Resource Manager says `error`. */
function reasonOf(text: string): string {
  const said = errorSchema.safeParse(parsed(text)).data;
  return said?.Error?.Message ?? text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A link may lead on to the same host only. */
function nextPage(first: string, link: string | null, what: string): string | null {
  if (link === null || link === '') return null;
  const origin = URL.canParse(link) ? new URL(link).origin : 'nowhere';
  if (origin === new URL(first).origin) return link;
  throw new AzureError('permanent', `${what} failed: its next page is on another host, ${origin}`);
}

function isOfLinuxNodes({ productName, serviceName, type, unitOfMeasure, tierMinimumUnits }: Meter): boolean {
  const perNodeHour = unitOfMeasure === '1 Hour' && tierMinimumUnits === 0 && type === 'Consumption';
  return perNodeHour && serviceName === 'Virtual Machines' && !/windows/i.test(productName);
}

function tierOf({ meterName, skuName }: Meter): 'dedicated' | 'low-priority' | 'spot' {
  const names = [meterName, skuName];
  if (names.some((name) => /\blow priority$/i.test(name))) return 'low-priority';
  return names.some((name) => /\bspot$/i.test(name)) ? 'spot' : 'dedicated';
}

/** A meter that was changed may stand beside the one that replaces it, or will. */
function newest(meters: readonly Meter[]): Meter | undefined {
  const now = new Date().toISOString();
  const begun = meters.filter(({ effectiveStartDate }) => effectiveStartDate <= now);
  return begun.toSorted((a, b) => b.effectiveStartDate.localeCompare(a.effectiveStartDate))[0];
}

/** OData doubles the quotes within a text. */
const quoted = (text: string) => text.replaceAll("'", "''");
