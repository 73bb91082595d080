import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { RunConfig } from '../../domain/config.js';
import { bertha, installation } from '../../installation.js';
import { tools } from '../../stack/places.js';
import type { Call } from '../call.js';
import { Failure } from '../failure.js';
import { openPlace } from '../storage.js';

/** What the set-up brings for the demo. */
const dump = '.bertha/data/enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2';

/**
 * For a config that converts shards of the old recipe with the vocabulary in `.bertha/old-recipe`: makes some from the demo's excerpt of Wikipedia,
 * as the recipe did, and puts them where the config looks for them, on the demo's own stack. Whoever names another vocabulary has shards of his own.
 */
export async function makeOldShards(config: RunConfig, call: Call): Promise<void> {
  const { convert } = config.data;
  const folder = bertha('old-recipe');
  if (convert === undefined || resolve(installation, convert.vocabulary) !== join(folder, 'vocab.txt')) return;
  call.note(`making shards of ${convert.sequenceLength} tokens as the recipe of 2019 did, from the excerpt ...`);
  await python([resolve(installation, dump), folder, String(convert.sequenceLength)]);
  const { azure } = await openPlace(config);
  const container = azure.container(convert.source.account, convert.source.container);
  await container.ensure();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.filter((name) => name.endsWith('.bin'))) {
    const path = [convert.source.prefix, relative(folder, file)].filter((part) => part !== undefined).join('/');
    await container.writeFile(path, file);
  }
}

async function python(args: readonly string[]): Promise<void> {
  const script = resolve(installation, 'cli', 'demo', 'old_recipe_shards.py');
  await promisify(execFile)(tools().python, ['-B', script, ...args]).catch((cause: unknown) => {
    throw new Failure('failed', `the shards of the old recipe cannot be made: ${String(cause).split('\n')[0]}`, {
      cause,
    });
  });
}
