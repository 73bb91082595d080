import { writeFileSync } from 'node:fs';
import { bundleWorkflowCode } from '@temporalio/worker';

// `node setup/bundle.mjs ENTRY BUNDLE`, a process of its own: the SDK is slow to load and speaks on standard output.
const [entry, bundle] = process.argv.slice(2);
const { code } = await bundleWorkflowCode({ workflowsPath: entry });
writeFileSync(bundle, code);
