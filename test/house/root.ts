import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The clone's own folder: the nearest one above this compiled file that holds the lock file. */
export const root = above(import.meta.dirname);

function above(folder: string): string {
  return existsSync(join(folder, 'package-lock.json')) ? folder : above(dirname(folder));
}
