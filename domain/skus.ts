interface RetiredSeries {
  readonly series: string;
  readonly sizes: RegExp;
  readonly gpu: string;
  readonly retired: string;
  readonly successor: string;
  readonly exception?: string;
}

/**
 * GPU series that Azure took away, from its pages "VM size series retirements" (25 September 2026), "NCv3-series retirement" and
 * "Retired Azure VM size series". NDv2 (Standard_ND40rs_v2) stands on none of them.
 */
const RETIRED: readonly RetiredSeries[] = [
  {
    series: 'NCv3',
    sizes: /^Standard_NC(6s|12s|24s|24rs)_v3$/i,
    gpu: 'V100',
    retired: '2025-09-30',
    successor: 'Standard_NC96ads_A100_v4 (4 x A100) or, dedicated only, Standard_NC40ads_H100_v5',
    exception: 'only Jio India West and China North 3 keep it, until 2027-06-30',
  },
  {
    series: 'NVv3',
    sizes: /^Standard_NV(12|24|48)s_v3$/i,
    gpu: 'M60',
    retired: '2026-09-30',
    successor: 'Standard_NC4as_T4_v3 (1 x T4)',
  },
  {
    series: 'NVv4',
    sizes: /^Standard_NV(4|8|16|32)as_v4$/i,
    gpu: 'MI25',
    retired: '2026-09-30',
    successor: 'Standard_NC4as_T4_v3 (1 x T4)',
  },
  {
    series: 'NC',
    sizes: /^Standard_NC(6|12|24|24r)(_Promo)?$/i,
    gpu: 'K80',
    retired: '2023-09-06',
    successor: 'Standard_NC4as_T4_v3 (1 x T4) or Standard_NC24ads_A100_v4 (1 x A100)',
  },
  {
    series: 'NCv2',
    sizes: /^Standard_NC(6s|12s|24s|24rs)_v2$/i,
    gpu: 'P100',
    retired: '2023-09-06',
    successor: 'Standard_NC64as_T4_v3 (4 x T4) or Standard_NC96ads_A100_v4 (4 x A100)',
  },
  {
    series: 'ND',
    sizes: /^Standard_ND(6s|12s|24s|24rs)$/i,
    gpu: 'P40',
    retired: '2023-09-06',
    successor: 'Standard_ND40rs_v2 (8 x V100) or Standard_ND96asr_v4 (8 x A100)',
  },
  {
    series: 'NV',
    sizes: /^Standard_NV(6|12|24)(_Promo)?$/i,
    gpu: 'M60',
    retired: '2023-09-06',
    successor: 'Standard_NC4as_T4_v3 (1 x T4)',
  },
];

/**
 * Says that a VM size is gone: since when, and what to take instead.
 * @returns one sentence, or null for a size that no retirement is known of
 */
export function retiredSku(sku: string): string | null {
  const found = RETIRED.find(({ sizes }) => sizes.test(sku));
  if (found === undefined) return null;
  const { series, gpu, retired, successor, exception } = found;
  const but = exception === undefined ? '' : ` (${exception})`;
  return `${sku} is retired: Azure took the ${series} series (${gpu}) away on ${retired}${but}; choose ${successor} instead.`;
}
