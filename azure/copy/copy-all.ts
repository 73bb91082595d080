import type { CopiedBlob } from './copy-blob.js';
import { copyBlob } from './copy-blob.js';
import type { CopyTools } from './tools.js';
import type { Wanted } from './wanted.js';

/** Blobs that are copied at once; how many requests that makes is the account's pace. */
const BLOBS_AT_ONCE = 8;

/**
 * Copies blobs, several at once. The first failure calls the others off and is thrown when all have ended; what was brought over stays.
 * @returns in the order of `wanted`
 */
export async function copyAll(wanted: readonly Wanted[], tools: CopyTools): Promise<CopiedBlob[]> {
  const failed = new AbortController();
  const inside = { ...tools, signal: AbortSignal.any([tools.signal, failed.signal]) };
  const copied: CopiedBlob[] = [];
  const queue = wanted.entries();
  let first: unknown;
  const worker = async () => {
    for (const [index, one] of queue) {
      if (failed.signal.aborted) return;
      try {
        copied[index] = await copyBlob(one, inside);
      } catch (error) {
        if (!failed.signal.aborted) first = error;
        failed.abort();
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(BLOBS_AT_ONCE, wanted.length) }, worker));
  if (failed.signal.aborted) throw first;
  return copied;
}
