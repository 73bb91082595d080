import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.mjs';
import { build, inRoot } from '../places.mjs';
import { bundleName, filesBelow } from '../sources.mjs';
import { digest, digestOf, isStamped, stamp } from '../stamp.mjs';
import { key as packagesKey } from './packages.mjs';

const entry = join(build, 'workflows', 'index.js');
const bundle = join(build, bundleName);
const stampFile = join(build, '.bundle-stamp');

/** The workflows as the one file that a worker loads, made ahead so that workers start at once. */
export const bundleStep = {
  name: 'workflow bundle',
  bytes: 0.02e9,
  isDone: () => !existsSync(entry) || (existsSync(bundle) && isStamped(stampFile, key())),
  run: async () => {
    await command(process.execPath, [inRoot('setup', 'bundle.mjs'), entry, bundle], {
      doing: 'bundling the workflows',
      retries: false,
    });
    stamp(stampFile, key());
  },
};

/** Workflow code may take from `workflows/`, `domain/` and packages only. */
const key = () => {
  const code = ['workflows', 'domain'].flatMap((name) => filesBelow(join(build, name), '.js'));
  return digest(digestOf(...code, join(build, 'temporal', 'bundle-options.js')), packagesKey());
};
