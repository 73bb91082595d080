import { CorpusError } from '../error.js';
import type { Packing } from './input.js';

const known: ReadonlyArray<[packing: Packing, signature: string]> = [
  ['bzip2', '425a68'],
  ['gzip', '1f8b08'],
];
const others: ReadonlyArray<[name: string, signature: string]> = [
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
  ['7z', '377abcaf271c'],
  ['zip', '504b0304'],
];

/** How a file is packed, by its first bytes. @throws CorpusError for a packer that is not read here. */
export function packingOf(head: Buffer, name: string): Packing {
  const startsWith = ([, signature]: readonly [string, string]): boolean =>
    head.subarray(0, signature.length / 2).toString('hex') === signature;
  const other = others.find(startsWith)?.[0];
  if (other !== undefined) {
    throw new CorpusError(`${name} is packed with ${other}, which is not read here; unpack it, or pack it with gzip.`);
  }
  return known.find(startsWith)?.[0] ?? 'none';
}
