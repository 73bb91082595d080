import type { ByteSource } from '../../../corpus/input/source.js';

/** Bytes in memory as a source, read in chunks of `chunk`. */
export function inMemory(bytes: Uint8Array | string, chunk = 1 << 16, name = 'test'): ByteSource {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return {
    name,
    bytes: all.length,
    async *read(from, to) {
      for (let start = from; start < to; start += chunk) yield all.subarray(start, Math.min(to, start + chunk));
    },
  };
}
