import type { AzureConnection } from '../azure/connection.js';
import { AzureError } from '../azure/errors.js';
import { getRetailPrices } from '../azure/prices.js';
import type { RunConfig } from '../domain/config.js';
import { type ListPrices, type NodePrice, nodePrice } from '../domain/prices.js';
import type { VmSize } from '../domain/quota.js';

/** The price of a run's nodes, and what was left of the sources it could have come from. */
export interface PriceFound extends NodePrice {
  /** The same size as dedicated nodes, for comparison and for a run that moves to them. */
  readonly dedicatedPerHour: number | null;
  /** Why the public price list gave none, where it was asked and did not answer. */
  readonly silence: string | null;
}

/** Reads what a node of the run costs. A price list that does not answer is told and stops nothing. */
export async function priceOfNode(
  azure: AzureConnection,
  { cluster, cost }: RunConfig,
  region: string,
  size: VmSize | null,
): Promise<PriceFound> {
  const { prices: retail, silence } = await asked(azure, region, size?.name ?? cluster.sku, cost?.currency);
  const listed = size === null ? null : { currency: size.currency, ...size.pricePerHour };
  const found = nodePrice(cluster.priority, { config: cost, retail, listed });
  const dedicated =
    cluster.priority === 'dedicated' ? found : nodePrice('dedicated', { config: undefined, retail, listed });
  const comparable = dedicated.currency === found.currency;
  return { ...found, dedicatedPerHour: comparable ? dedicated.perHour : null, silence };
}

async function asked(
  azure: AzureConnection,
  region: string,
  sku: string,
  currency = 'USD',
): Promise<{ prices: ListPrices | null; silence: string | null }> {
  try {
    return { prices: await getRetailPrices(azure, region, sku, { currency }), silence: null };
  } catch (error) {
    if (error instanceof AzureError) return { prices: null, silence: error.message };
    throw error;
  }
}

/** Why a budget could not be kept by this price; nothing where there is no budget. */
export function budgetProblems({ cluster, cost }: RunConfig, price: PriceFound): string[] {
  if (cost?.budget === undefined) return [];
  if (price.perHour === null)
    return [
      `cost.budget is ${cost.budget}, and no price of ${cluster.sku} is known to measure it by: say cost.pricePerNodeHour${silenceWords(price)}`,
    ];
  if (price.currency === cost.currency) return [];
  return [
    `cost.budget is in ${cost.currency}, and the price of ${cluster.sku} is known in ${price.currency} only: say cost.pricePerNodeHour in ${cost.currency}, or cost.currency ${price.currency}${silenceWords(price)}`,
  ];
}

/** `5.44 USD a node and hour by the retail price list`, in words for a summary. @param nodes of the run */
export function moneyWords(price: PriceFound, nodes: number): string {
  const { perHour, currency, from } = price;
  const mute = silenceWords(price);
  if (perHour === null || from === null)
    return `NO PRICE KNOWN, so its cost will read 0: say cost.pricePerNodeHour in the config${mute}`;
  const by = {
    config: 'by cost.pricePerNodeHour',
    'retail-prices': 'at list price',
    'vm-sizes': "at the list price of the region's VM sizes",
  }[from];
  return `${(perHour * nodes).toFixed(2)} ${currency} an hour ${by}${mute}`;
}

const silenceWords = ({ from, silence }: PriceFound) =>
  silence === null || from === 'config' ? '' : ` (the retail price list did not answer: ${silence})`;
