import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './places.mjs';

/**
 * Runs test/<kind>/NAME.ts, which exports `main(args: string[]): Promise<number>` and `about`, a sentence for the list that
 * is printed where no name is given. What goes wrong is told as a sentence.
 * @param {'bench' | 'soak'} kind
 * @param {string[]} words the name, then what is handed over
 * @returns {Promise<number>} exit code
 */
export async function runNamed(kind, [name, ...args]) {
  const names = namesOf(kind);
  if (name === undefined) return list(kind, names);
  if (!names.includes(name)) {
    console.error(`There is no ${kind} called ${name}: ${choice(kind, names)}.`);
    return 1;
  }
  const { main } = await load(kind, name);
  try {
    return await main(args);
  } catch (error) {
    console.error(`${kind} ${name}: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

function namesOf(kind) {
  const folder = join(build, 'test', kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.js') && !file.endsWith('.test.js'))
    .map((file) => file.slice(0, -'.js'.length));
}

/** Exit code 0 for the list, as it is what was asked for; 1 where there is nothing to list. */
async function list(kind, names) {
  if (names.length === 0) console.error(`There is nothing to run: ${choice(kind, names)}.`);
  else console.log(`npm run ${kind} -- NAME runs one of these:`);
  for (const name of names) console.log(`  ${name}: ${(await load(kind, name)).about ?? 'says nothing about itself'}`);
  return names.length === 0 ? 1 : 0;
}

function choice(kind, names) {
  return names.length > 0 ? `choose from ${names.join(', ')}` : `test/${kind}/ has none`;
}

function load(kind, name) {
  return import(pathToFileURL(join(build, 'test', kind, `${name}.js`)).href);
}
