import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { home, inHome } from './places.mjs';

const leftover = /^(npm|uv|python|data|trash)\.\d+$/;

/** A fresh, empty folder in `.bertha/`, to be filled and then put in place; `name` is one of those that are swept. */
export function workplace(name) {
  const folder = inHome(`${name}.${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Puts `fresh` at `place` in one rename; what was there before is removed. A kill at any moment leaves one of them, or none. */
export function putInPlace(fresh, place) {
  const trash = inHome(`trash.${process.pid}`);
  rmSync(trash, { recursive: true, force: true });
  if (existsSync(place)) renameSync(place, trash);
  renameSync(fresh, place);
  rmSync(trash, { recursive: true, force: true });
}

/**
 * Removes what a killed set-up left half-done. Called under the lock only, at the start and at the end: a program that the
 * killed set-up had started may go on for a while.
 */
export function sweepLeftovers() {
  for (const name of readdirSync(home).filter((entry) => leftover.test(basename(entry)))) {
    try {
      rmSync(inHome(name), { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // It still writes there; the next set-up sweeps again.
    }
  }
}
