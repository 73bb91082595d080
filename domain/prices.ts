/** List prices of a node and hour, Linux, without discounts of a contract; null where the list has none for the tier. */
export interface ListPrices {
  readonly currency: string;
  readonly dedicated: number | null;
  readonly lowPriority: number | null;
}

/** Where a price was read: what the config says, the public price list, or the VM sizes of the workspace's region. */
export type PriceSource = 'config' | 'retail-prices' | 'vm-sizes';

export interface NodePrice {
  /** Of one node; null where no price is known. */
  readonly perHour: number | null;
  readonly currency: string;
  /** Null where no price is known. */
  readonly from: PriceSource | null;
}

/** What can be known of a node's price. */
export interface PriceFacts {
  /** `cost` of the config, where it is about these nodes. */
  readonly config?: { readonly pricePerNodeHour?: number | undefined; readonly currency: string } | undefined;
  /** Null where the cloud has no price list or it did not answer. */
  readonly retail: ListPrices | null;
  /** Null where the region does not offer the size. */
  readonly listed: ListPrices | null;
}

/** The price of a node: the config's, else the public price list's, else that of the region's VM sizes. */
export function nodePrice(priority: 'low_priority' | 'dedicated', { config, retail, listed }: PriceFacts): NodePrice {
  const own = config?.pricePerNodeHour;
  if (config !== undefined && own !== undefined) return { perHour: own, currency: config.currency, from: 'config' };
  const sources = [
    [retail, 'retail-prices'],
    [listed, 'vm-sizes'],
  ] as const;
  for (const [prices, from] of sources) {
    const perHour = (priority === 'low_priority' ? prices?.lowPriority : prices?.dedicated) ?? null;
    if (prices !== null && perHour !== null) return { perHour, currency: prices.currency, from };
  }
  return { perHour: null, currency: config?.currency ?? 'USD', from: null };
}
