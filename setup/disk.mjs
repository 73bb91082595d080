import { statfsSync } from 'node:fs';
import { Halt } from './halt.mjs';
import { root } from './places.mjs';

const gigabyte = 1e9;

/**
 * Halts when the disk cannot hold what the pending steps bring.
 * @param {{ bytes: number }[]} pending
 */
export function diskFor(pending) {
  const needed = pending.reduce((sum, step) => sum + step.bytes, 0);
  const { bavail, bsize } = statfsSync(root);
  const sentence = lackOfDisk({ free: bavail * bsize, needed, folder: root });
  if (sentence) throw new Halt(sentence);
}

/** The sentence for a disk with less than `needed` bytes free, or an empty string. */
export function lackOfDisk({ free, needed, folder }) {
  if (free >= needed) return '';
  const [has, wants] = [free, needed].map((bytes) => (bytes / gigabyte).toFixed(1));
  return `The disk that holds ${folder} has ${has} GB free and the set-up needs about ${wants} GB: free some space, or clone to another disk, and run this again.`;
}
