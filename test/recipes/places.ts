import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '../../installation.js';

/** A path below the repository. */
export const inRepo = (...parts: string[]) => join(installation, ...parts);

/** Text of a file of the repository. */
export const textOf = (...parts: string[]) => readFileSync(inRepo(...parts), 'utf8');

/** Names of the run configs in configs/: all files but the scenarios of the emulator and the datasets. */
export const configFiles = readdirSync(inRepo('configs'))
  .filter((name) => name.endsWith('.yaml') && !name.endsWith('.scenario.yaml') && !name.startsWith('data-'))
  .sort();

/** Text of all files below a folder whose names end so. */
export function textsBelow(folder: string, ending: string): string[] {
  return readdirSync(inRepo(folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
