import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shard, Split } from '../manifest.js';
import type { Sample } from '../samples.js';
import { blockHashes } from './block-hashes.js';
import { encodeShard, tokensOf, type StaticMasks } from './shard.js';

/**
 * Writes samples as shards below `dir` and describes them.
 * @param path folder of the split relative to `dir`, with `/`
 */
export async function writeShards(
  dir: string,
  path: string,
  samples: readonly Sample[],
  tokens: Uint16Array,
  samplesPerShard: number,
  masks?: StaticMasks,
): Promise<Split> {
  await mkdir(join(dir, path), { recursive: true });
  const shards: Shard[] = [];
  for (let start = 0; start < samples.length; start += samplesPerShard) {
    const part = samples.slice(start, start + samplesPerShard);
    const file = `${path}/shard-${String(shards.length).padStart(5, '0')}.safetensors`;
    const bytes = encodeShard(part, tokens, masks);
    await writeFile(join(dir, file), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const tokensIn = sum(part.map(tokensOf));
    const blocks = blockHashes(bytes);
    shards.push({ file, samples: part.length, tokens: tokensIn, bytes: bytes.length, sha256, blocks });
  }
  const random = samples.filter(({ isRandomNext }) => isRandomNext).length;
  return {
    samples: samples.length,
    tokens: sum(shards.map((shard) => shard.tokens)),
    randomNextRatio: samples.length === 0 ? 0 : Number((random / samples.length).toFixed(6)),
    shards,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
