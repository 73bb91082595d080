import { createHash } from 'node:crypto';

import { SIZES, type Price, type VmSize } from '../locations/sizes.js';

/** A meter of the public price list, under the names that it is answered with. */
export interface PriceRow {
  currencyCode: string;
  tierMinimumUnits: number;
  retailPrice: number;
  unitPrice: number;
  armRegionName: string;
  location: string;
  effectiveStartDate: string;
  meterId: string;
  meterName: string;
  productId: string;
  skuId: string;
  productName: string;
  skuName: string;
  serviceName: string;
  serviceId: string;
  serviceFamily: string;
  unitOfMeasure: string;
  type: string;
  isPrimaryMeterRegion: boolean;
  armSkuName: string;
}

interface Meter {
  tier: '' | ' Low Priority' | ' Spot';
  windows: boolean;
  price: number;
  type?: string;
}

/** The six meters that were recorded of Standard_D2s_v3: spot is 19.6 % of each, low priority of Windows 40 %, a Windows licence 0.046 USD a core and hour. */
const SPOT_SHARE = 0.196;
const WINDOWS_LOW_PRIORITY_SHARE = 0.4;
const WINDOWS_CORE_HOUR = 0.046;
/** Meters of low priority exist for sizes too that Azure ML refuses as low priority. */
const LOW_PRIORITY_SHARE = 0.2;

/** All meters of a region: those of every size that has a price. */
export function priceRows(region: string): PriceRow[] {
  return SIZES.flatMap((size) =>
    size.price === null ? [] : metersOf(size, size.price).map((meter) => row(size, meter, region)),
  );
}

function metersOf({ vCPUs }: VmSize, price: Price): Meter[] {
  const { dedicated, lowPriority, windows } = price;
  const windowsDedicated = windows?.dedicated ?? dedicated + WINDOWS_CORE_HOUR * vCPUs;
  const meters: Meter[] = [
    {
      tier: ' Low Priority',
      windows: true,
      price: windows?.lowPriority ?? windowsDedicated * WINDOWS_LOW_PRIORITY_SHARE,
    },
    { tier: ' Low Priority', windows: false, price: lowPriority ?? dedicated * LOW_PRIORITY_SHARE },
    { tier: ' Spot', windows: false, price: dedicated * SPOT_SHARE },
    { tier: ' Spot', windows: true, price: windowsDedicated * SPOT_SHARE },
    { tier: '', windows: false, price: dedicated },
    { tier: '', windows: true, price: windowsDedicated },
  ];
  const forTests = meters.filter(({ windows: isWindows }) => !isWindows);
  return [...meters, ...forTests.map((meter) => ({ ...meter, windows: true, type: 'DevTestConsumption' }))];
}

function row(size: VmSize, { tier, windows, price, type = 'Consumption' }: Meter, region: string): PriceRow {
  const title = size.name.replace(/^Standard_/, '').replaceAll('_', ' ');
  const name = `${title}${tier}`;
  const productName = `Virtual Machines ${series(size.family)} Series${windows ? ' Windows' : ''}`;
  const retailPrice = Math.round(price * 1e6) / 1e6;
  const productId = `DZH318${letters(productName, 6)}`;
  return {
    currencyCode: 'USD',
    tierMinimumUnits: 0,
    retailPrice,
    unitPrice: retailPrice,
    armRegionName: region,
    location: region === 'eastus' ? 'US East' : region,
    effectiveStartDate: '2026-08-01T00:00:00Z',
    meterId: guid(`${region} ${productName} ${name} ${type}`),
    meterName: name,
    productId,
    skuId: `${productId}/${letters(name, 4)}`,
    productName,
    skuName: name,
    serviceName: 'Virtual Machines',
    serviceId: 'DZH313Z7MMC8',
    serviceFamily: 'Compute',
    unitOfMeasure: '1 Hour',
    type,
    isPrimaryMeterRegion: tier === ' Spot',
    armSkuName: size.name,
  };
}

// "standardDSv3Family" is the product "DSv3".
const series = (family: string): string => family.replace(/^standard ?/i, '').replace(/ ?Family$/, '');

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const letters = (text: string, count: number): string => digest(text).slice(0, count).toUpperCase();
const guid = (text: string): string => digest(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
