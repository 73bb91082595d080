import { drawMasks, type MaskOptions } from '../masks.js';
import { randomOf } from '../random.js';
import type { Pair } from '../pairs.js';
import { encodeSafetensors, type Tensor } from './safetensors.js';

/** A sample on its way into a shard. */
export interface ShardSample extends Pair {
  /** Names the randomness of its static masks, where it gets any. */
  readonly origin?: string;
}

/** How the samples of a held-out shard are masked once and for all. */
export interface StaticMasks extends MaskOptions {
  readonly seed: number;
  /** Name of the set, part of the randomness. */
  readonly set: string;
}

/** A shard file's bytes; see "Dataset" in docs/payload-contract.md. */
export function encodeShard(samples: readonly ShardSample[], tokens: Uint16Array, masks?: StaticMasks): Buffer {
  const offsets = new Uint32Array(samples.length + 1);
  samples.forEach((sample, index) => (offsets[index + 1] = (offsets[index] as number) + tokensOf(sample)));
  const flat = new Uint16Array(offsets[samples.length] as number);
  samples.forEach((sample, index) => {
    const offset = offsets[index] as number;
    flat.set(tokens.subarray(sample.aStart, sample.aEnd), offset);
    flat.set(tokens.subarray(sample.bStart, sample.bEnd), offset + sample.aEnd - sample.aStart);
  });
  const lengths = Uint16Array.from(samples, ({ aStart, aEnd }) => aEnd - aStart);
  const labels = Uint8Array.from(samples, ({ isRandomNext }) => (isRandomNext ? 1 : 0));
  const [maskOffsets, ...maskColumns] = masks === undefined ? [] : maskTensors(samples, tokens, masks);
  return encodeSafetensors([
    { name: 'offsets', data: offsets },
    ...(maskOffsets === undefined ? [] : [maskOffsets]),
    { name: 'tokens', data: flat },
    { name: 'len_a', data: lengths },
    ...maskColumns,
    { name: 'is_random_next', data: labels },
  ]);
}

/** Text tokens of a sample. */
export function tokensOf({ aStart, aEnd, bStart, bEnd }: ShardSample): number {
  return aEnd - aStart + (bEnd - bStart);
}

function maskTensors(samples: readonly ShardSample[], tokens: Uint16Array, masks: StaticMasks): Tensor[] {
  const offsets = new Uint32Array(samples.length + 1);
  const positions: number[] = [];
  const inputs: number[] = [];
  samples.forEach((sample, index) => {
    const { aStart, aEnd, bStart, bEnd, origin } = sample;
    if (origin === undefined) throw new Error(`sample ${index} of a held-out shard has no origin`);
    const random = randomOf('masks', masks.seed, masks.set, origin);
    const drawn = drawMasks(tokens.subarray(aStart, aEnd), tokens.subarray(bStart, bEnd), random, masks);
    positions.push(...drawn.positions);
    inputs.push(...drawn.inputs);
    offsets[index + 1] = positions.length;
  });
  return [
    { name: 'mask_offsets', data: offsets },
    { name: 'mask_positions', data: Uint16Array.from(positions) },
    { name: 'mask_inputs', data: Uint16Array.from(inputs) },
  ];
}
