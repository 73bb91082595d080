import { unpriced } from './unpriced.js';

/** A size of virtual machine, as much as clients ask about. */
export interface VmSize {
  name: string;
  /** Quota family: `name.value` of its usage row. */
  family: string;
  vCPUs: number;
  gpus: number;
  memoryGB: number;
  /** Local disk in GB. */
  diskGB: number;
  lowPriorityCapable: boolean;
  supportsIB: boolean;
  premiumIO: boolean;
  /** List prices in USD an hour; null where none is known. */
  price: Price | null;
}

/** List prices in USD an hour; of Windows where they were recorded. */
export interface Price {
  dedicated: number;
  lowPriority: number | null;
  windows?: { dedicated: number; lowPriority: number };
}

/**
 * Sizes of today in eastus, with list prices seen in August 2026. NCv3 (V100) retired in September 2025 and is absent;
 * H100 sizes are refused for low priority. Low priority is a fixed discount, mostly 80 %, never to be computed.
 */
export const SIZES: readonly VmSize[] = [
  ...unpriced('Standard_A%_v2', 'standardAv2Family', [1, 2, 4, 8], 2, 10, false),
  ...unpriced('Standard_D%', 'standardDFamily', [1, 2, 3, 4], 3.5, 50, false),
  ...unpriced('Standard_D%_v2', 'standardDv2Family', [1, 2, 3, 4, 5, 11, 12, 13, 14], 3.5, 50, false),
  ...unpriced('Standard_DS%_v2', 'standardDSv2Family', [1, 4, 5, 11, 13, 14], 3.5, 7, true),
  ...unpriced('Standard_D%s_v3', 'standardDSv3Family', [8, 16, 32, 48, 64], 4, 8, true),
  ...unpriced('Standard_D%_v3', 'standardDv3Family', [2, 4, 8, 16, 32, 48, 64], 4, 25, false),
  ...unpriced('Standard_D%ds_v4', 'standardDDSv4Family', [2, 4, 8, 32, 48, 64], 4, 37.5, true),
  ...unpriced('Standard_D%as_v4', 'standardDASv4Family', [2, 4, 8, 32, 48, 64], 4, 8, true),
  ...unpriced('Standard_E%s_v3', 'standardESv3Family', [2, 4, 8, 16, 20, 32, 48, 64], 8, 16, true),
  ...unpriced('Standard_E%ds_v4', 'standardEDSv4Family', [2, 4, 8, 16, 20, 32, 48, 64], 8, 37.5, true),
  ...unpriced('Standard_F%s_v2', 'standardFSv2Family', [2, 4, 8, 32, 48, 64, 72], 2, 8, true),
  cpu('Standard_DS2_v2', 'standardDSv2Family', 2, 7, 14, 0.146, 0.029),
  cpu('Standard_DS3_v2', 'standardDSv2Family', 4, 14, 28, 0.293, 0.059),
  cpu('Standard_DS12_v2', 'standardDSv2Family', 4, 28, 56, 0.37, 0.074),
  cpu('Standard_D2s_v3', 'standardDSv3Family', 2, 8, 16, 0.096, 0.019),
  cpu('Standard_D4s_v3', 'standardDSv3Family', 4, 16, 32, 0.192, 0.038),
  cpu('Standard_D16as_v4', 'standardDASv4Family', 16, 64, 128, 0.77, 0.15, { dedicated: 1.5, lowPriority: 0.6 }),
  cpu('Standard_D16ds_v4', 'standardDDSv4Family', 16, 64, 600, 0.9, 0.18, { dedicated: 1.64, lowPriority: 0.66 }),
  cpu('Standard_F16s_v2', 'standardFSv2Family', 16, 32, 128, 0.677, 0.135),
  gpu('Standard_NC4as_T4_v3', 'Standard NCASv3_T4 Family', 4, 1, 28, 176, false, 0.526, 0.105),
  gpu('Standard_NC64as_T4_v3', 'Standard NCASv3_T4 Family', 64, 4, 440, 2816, false, 4.352, 0.87),
  gpu('Standard_NC24ads_A100_v4', 'standardNCADSA100v4Family', 24, 1, 220, 64, false, 3.67, 0.734),
  gpu('Standard_NC48ads_A100_v4', 'standardNCADSA100v4Family', 48, 2, 440, 128, false, 7.35, 1.47),
  gpu('Standard_NC96ads_A100_v4', 'standardNCADSA100v4Family', 96, 4, 880, 256, false, 14.69, 2.938),
  gpu('Standard_ND40rs_v2', 'standardNDv2Family', 40, 8, 672, 2948, true, 22.03, 4.406),
  gpu('Standard_ND96asr_v4', 'Standard NDASv4_A100 Family', 96, 8, 900, 6000, true, 27.2, 5.44),
  gpu('Standard_ND96amsr_A100_v4', 'standard NDAMSv4_A100Family', 96, 8, 1900, 6400, true, 32.77, 6.554),
  gpu('Standard_NC40ads_H100_v5', 'standardNCadsH100v5Family', 40, 1, 320, 3576, false, 9.07, null),
  gpu('Standard_NC80adis_H100_v5', 'standardNCadsH100v5Family', 80, 2, 640, 7152, false, 18.15, null),
  gpu('Standard_ND96isr_H100_v5', 'standardNDv5H100Family', 96, 8, 1900, 28_000, true, 98.32, null),
];

/** The size of that name, in any case. */
export function findSize(name: string): VmSize | undefined {
  return SIZES.find((size) => size.name.toLowerCase() === name.toLowerCase());
}

function cpu(
  name: string,
  family: string,
  vCPUs: number,
  memoryGB: number,
  diskGB: number,
  dedicated: number,
  lowPriority: number,
  windows?: NonNullable<Price['windows']>,
): VmSize {
  return {
    name,
    family,
    vCPUs,
    gpus: 0,
    memoryGB,
    diskGB,
    lowPriorityCapable: true,
    supportsIB: false,
    premiumIO: true,
    price: { dedicated, lowPriority, ...(windows === undefined ? {} : { windows }) },
  };
}

function gpu(
  name: string,
  family: string,
  vCPUs: number,
  gpus: number,
  memoryGB: number,
  diskGB: number,
  supportsIB: boolean,
  dedicated: number,
  lowPriority: number | null,
): VmSize {
  const lowPriorityCapable = lowPriority !== null;
  return {
    name,
    family,
    vCPUs,
    gpus,
    memoryGB,
    diskGB,
    lowPriorityCapable,
    supportsIB,
    premiumIO: true,
    price: { dedicated, lowPriority },
  };
}
