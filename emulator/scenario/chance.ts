import { createHash } from 'node:crypto';

import type { Chance } from './language/window.js';

/**
 * A number from 0 (included) to 1 (not included), drawn by a seed and what it is drawn for. The same labels always draw
 * the same number, so that chance outlives a restart and does not hang on what happened elsewhere meanwhile.
 */
export function draw(seed: number, ...labels: (string | number)[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...labels]))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** One of some values, drawn. */
export function pick<T>(values: readonly [T, ...T[]], drawn: number): T {
  return values[Math.floor(drawn * values.length)] ?? values[0];
}

/**
 * Whether one that matches is hit.
 *
 * @param seen its position among those that matched, from 1
 * @param fired how many were hit before
 * @param drawn the number drawn for it
 */
export function isHit(chance: Chance, seen: number, fired: number, drawn: number): boolean {
  if (chance.times !== undefined && fired >= chance.times) return false;
  if (chance.nth !== undefined) return seen === chance.nth;
  if (chance.every !== undefined) return seen % chance.every === 0;
  return chance.probability === undefined || drawn < chance.probability;
}
