import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './places.mjs';

/**
 * Runs test/<kind>/NAME.ts, which exports `main(args: string[]): Promise<number>`.
 * @param {'bench' | 'soak'} kind
 * @param {string[]} words the name, then what is handed over
 * @returns {Promise<number>} exit code
 */
export async function runNamed(kind, [name, ...args]) {
  const folder = join(build, 'test', kind);
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.js'))
        .map((file) => file.slice(0, -3))
    : [];
  if (!names.includes(name)) {
    const problem = name === undefined ? `Say which ${kind} to run` : `There is no ${kind} called ${name}`;
    console.error(`${problem}: ${names.length > 0 ? `choose from ${names.join(', ')}` : `test/${kind}/ has none`}.`);
    return 1;
  }
  const { main } = await import(pathToFileURL(join(folder, `${name}.js`)).href);
  return main(args);
}
