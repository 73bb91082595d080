#!/usr/bin/env node
// The compiled emulator lies under .bertha/build; say so in one sentence when it has not been built yet.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../.bertha/build/emulator/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main))) {
  process.stderr.write(
    'azureml-emulator has not been built yet: run "npm test" or "npm run demo" once, which build it.\n',
  );
  process.exit(1);
}
await import(main.href);
