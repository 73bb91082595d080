import { createHash } from 'node:crypto';

/** Name of the set that a conversion makes. */
export const setName = (sequenceLength: number): string => `seq-${String(sequenceLength).padStart(4, '0')}`;

/** Path of a shard within the dataset: it tells which file it comes from, so files are converted without knowing of each other. */
export function shardPath(set: string, split: string, name: string, index: number): string {
  return `${set}/${split}/${stemOf(name)}-${String(index).padStart(5, '0')}.safetensors`;
}

/** Compares names as people count: part_2 comes before part_10. The same on every machine. */
export function inNaturalOrder(a: string, b: string): number {
  const [ours, theirs] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const [one, other] = [ours[index] ?? '', theirs[index] ?? ''];
    const areNumbers = /^\d/.test(one) && /^\d/.test(other);
    const difference = areNumbers ? Number(one) - Number(other) : 0;
    if (difference !== 0) return difference;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

const partsOf = (name: string): string[] => name.match(/\d+|\D+/g) ?? [];

/** A file's name without its ending, as it can stand in a path anywhere; another name gives another stem. */
function stemOf(name: string): string {
  const stem = name.replace(/\.bin$/, '');
  const plain = stem.replace(/[^A-Za-z0-9._-]/g, '_');
  return plain === stem ? stem : `${plain}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
