import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { build } from './places.mjs';

// `node setup/bundle.mjs ENTRY BUNDLE`, a process of its own: the SDK is slow to load and speaks on standard output.
const [entry, bundle] = process.argv.slice(2);
const { bundleOptions } = await import(pathToFileURL(join(build, 'temporal', 'bundle-options.js')).href);
const { code } = await bundleWorkflowCode(bundleOptions(entry));
writeFileSync(bundle, code);
