import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { StackPlaces } from './places.js';

/** Azurite saves its two indexes every 5 s where something has changed (Loki's autosave). */
const FILES = ['__azurite_db_blob__.json', '__azurite_db_blob_extent__.json'];
const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 7_000;

/**
 * Returns right after Azurite saved its indexes. Unlike Azure it may answer that a blob is stored and forget it: killed at any other moment,
 * it loses up to five seconds of them, which would show nothing but that.
 */
export async function untilAzuriteSaved(places: StackPlaces): Promise<void> {
  const began = Date.now();
  const savedSince = () => FILES.every((file) => modified(join(places.blobs, file)) > began);
  while (!savedSince() && Date.now() - began < PATIENCE_MS) await setTimeout(LOOK_EVERY_MS);
}

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
