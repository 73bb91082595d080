import type { Shard } from '../manifest.js';
import { tokensOf, type ShardSample } from './shard.js';

/** What the manifest says of the samples of a shard. */
export function describeShard(
  samples: readonly ShardSample[],
): Pick<Shard, 'samples' | 'tokens'> & Required<Pick<Shard, 'randomNextRatio' | 'lengths'>> {
  const lengths: number[] = [];
  let [tokens, random] = [0, 0];
  for (const sample of samples) {
    const length = tokensOf(sample);
    tokens += length;
    if (sample.isRandomNext) random++;
    const bin = Math.ceil((length + specialTokens) / binWidth) - 1;
    while (lengths.length <= bin) lengths.push(0);
    lengths[bin] = (lengths[bin] as number) + 1;
  }
  return { samples: samples.length, tokens, randomNextRatio: ratio(random, samples.length), lengths };
}

/** [CLS] and two [SEP]. */
const specialTokens = 3;
/** Bin n of a shard's histogram holds the samples of 8n + 1 to 8n + 8 tokens, special ones included: batches are padded to multiples of 8. */
const binWidth = 8;

/** A share of `all` with six digits; 0 of nothing. */
export function ratio(part: number, all: number): number {
  return all === 0 ? 0 : Number((part / all).toFixed(6));
}
