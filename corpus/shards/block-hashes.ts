import { createHash } from 'node:crypto';
import type { Shard } from '../manifest.js';

/** Large enough that a copy of 66 GB takes some 4,000 requests, small enough that what a crash repeats is little. */
const BLOCK_BYTES = 16 * 1024 * 1024;

/** MD5 of each block of a shard: the hash that Blob storage compares a block with while it copies it, so that a copy is verified unread. */
export function blockHashes(bytes: Uint8Array, blockBytes = BLOCK_BYTES): NonNullable<Shard['blocks']> {
  const md5: string[] = [];
  for (let start = 0; start < bytes.length; start += blockBytes)
    md5.push(
      createHash('md5')
        .update(bytes.subarray(start, start + blockBytes))
        .digest('hex'),
    );
  return { bytes: blockBytes, md5 };
}
