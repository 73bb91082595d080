import type { Block } from '../../domain/copy/blocks.js';
import { crc64, joinCrc64 } from '../../domain/copy/crc64.js';
import { patiently } from './patience.js';
import type { Checksums } from './send.js';
import type { SourceBlob } from './source.js';
import type { CopyTools } from './tools.js';

/**
 * CRC64 of a whole blob from those of its blocks. Of a block that an attempt before brought over nobody remembers it: that stretch of the
 * same version is read at the source, and the block is not sent again.
 */
export async function checksumOf(
  blocks: readonly Block[],
  sums: Checksums,
  version: SourceBlob,
  tools: CopyTools,
): Promise<bigint> {
  let whole = 0n;
  for (const block of blocks) {
    const sum = sums.get(block.index) ?? (await sumAtSource(block, version, tools));
    whole = joinCrc64(whole, sum, block.bytes);
  }
  return whole;
}

async function sumAtSource({ offset, bytes }: Block, version: SourceBlob, tools: CopyTools): Promise<bigint> {
  const reading = (signal: AbortSignal) => tools.source.read(version, offset, bytes, signal);
  return crc64(await patiently(`reading ${version.path}`, reading, tools));
}
