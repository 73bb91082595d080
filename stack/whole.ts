import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that is never seen half written: a temporary file, then rename. */
export function writeWhole(path: string, content: string): void {
  writeFileSync(`${path}.tmp`, content);
  renameSync(`${path}.tmp`, path);
}
