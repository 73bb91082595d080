import type { Range } from './range.js';

/** A kind of GPU: dense peaks in FLOP/s from NVIDIA's data sheets, and what share of them a training of BERT gets. */
export interface Gpu {
  readonly name: string;
  /** float16 or bfloat16 on matrix units. */
  readonly halfPeak: number;
  /** float32 outside of them, as PyTorch computes unless told otherwise. */
  readonly singlePeak: number;
  /** Model FLOP utilisation in half precision, padding counted as work. */
  readonly utilisation: Range;
  readonly bfloat16: boolean;
}

const TERA = 1e12;
const gpu = (name: string, half: number, single: number, utilisation: readonly [number, number, number]): Gpu => {
  const [best, typical, worst] = utilisation;
  const bfloat16 = name !== 'V100' && name !== 'T4';
  return {
    ...{ name, halfPeak: half * TERA, singlePeak: single * TERA, bfloat16 },
    utilisation: { best, typical, worst },
  };
};

/**
 * Utilisation: what published BERT-large trainings had of the peak, by `flopsPerSequence`. V100: DeepSpeed 52 % (128 tokens) and 42 % (512), NVIDIA
 * 43 and 61 %, HuggingFace's plain PyTorch 32 % (62 % below DeepSpeed, 128). A100: NVIDIA 45 and 69 %; its 512 leaves padding out, and so counts work
 * that was not done. Our trainer is plain PyTorch with fused attention, hence the lower middle; nobody has published H100 or T4 that we could read.
 */
const V100 = gpu('V100', 125, 15.7, [0.55, 0.35, 0.25]);
const A100 = gpu('A100', 312, 19.5, [0.6, 0.4, 0.3]);
const H100 = gpu('H100', 989, 67, [0.5, 0.35, 0.25]);
const H100_NVL = gpu('H100 NVL', 835, 60, [0.5, 0.35, 0.25]);
const H200 = gpu('H200', 989, 67, [0.5, 0.35, 0.25]);
const T4 = gpu('T4', 65, 8.1, [0.45, 0.35, 0.25]);

/** Share of the float32 peak; a guess. */
export const SINGLE_UTILISATION: Range = { best: 0.8, typical: 0.65, worst: 0.5 };

/** What a VM size is to a training. */
export interface NodeKind {
  readonly sku: string;
  readonly gpu: Gpu;
  readonly gpus: number;
  /** Gbit/s out of a node, all adapters together. */
  readonly network: number;
  /** False where Azure ML refuses the size as low priority whatever its capability says (observed). */
  readonly lowPriority: boolean;
}

const node = (sku: string, kind: Gpu, gpus: number, network: number): NodeKind => ({
  ...{ sku, gpu: kind, gpus, network },
  lowPriority: !kind.name.startsWith('H'),
});

/** GPU sizes with their network as Azure's pages of sizes have it: Ethernet, or InfiniBand where there is one. */
export const NODE_KINDS: readonly NodeKind[] = [
  node('Standard_NC6s_v3', V100, 1, 6),
  node('Standard_NC12s_v3', V100, 2, 12),
  node('Standard_NC24s_v3', V100, 4, 24),
  node('Standard_NC24rs_v3', V100, 4, 56),
  node('Standard_ND40rs_v2', V100, 8, 100),
  node('Standard_NC24ads_A100_v4', A100, 1, 20),
  node('Standard_NC48ads_A100_v4', A100, 2, 40),
  node('Standard_NC96ads_A100_v4', A100, 4, 80),
  node('Standard_ND96asr_v4', A100, 8, 1600),
  node('Standard_ND96amsr_A100_v4', A100, 8, 1600),
  node('Standard_NC40ads_H100_v5', H100_NVL, 1, 40),
  node('Standard_NC80adis_H100_v5', H100_NVL, 2, 80),
  node('Standard_ND96isr_H100_v5', H100, 8, 3200),
  node('Standard_ND96isr_H200_v5', H200, 8, 3200),
  node('Standard_NC4as_T4_v3', T4, 1, 8),
  node('Standard_NC8as_T4_v3', T4, 1, 8),
  node('Standard_NC16as_T4_v3', T4, 1, 8),
  node('Standard_NC64as_T4_v3', T4, 4, 32),
];

/** What is known of a VM size, its name in any case; null for one that is not in the table, CPU sizes among them. */
export function nodeKind(sku: string): NodeKind | null {
  return NODE_KINDS.find((kind) => kind.sku.toLowerCase() === sku.toLowerCase()) ?? null;
}
