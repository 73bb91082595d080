import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's own folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Everything the set-up makes, `node_modules/` excepted. */
export const home = join(root, '.bertha');

/** Path inside the clone. */
export const inRoot = (...parts) => join(root, ...parts);

/** Path inside `.bertha/`. */
export const inHome = (...parts) => join(home, ...parts);

/** Compiled TypeScript. */
export const build = inHome('build');

/** A program of the clone's own Python environment, for example `python` or `temporal`. */
export const inPython = (program) => inHome('python', 'bin', program);
