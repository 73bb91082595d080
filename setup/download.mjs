import { TestWorkflowEnvironment } from '@temporalio/testing';

// `node setup/download.mjs KIND VERSION FOLDER`: lets the SDK fetch a Temporal server, which it does by starting it once.
const [kind, version, downloadDir] = process.argv.slice(2);
const server = { executable: { type: 'cached-download', version, downloadDir, ttl: '3650d' } };
const create = kind === 'dev-server' ? 'createLocal' : 'createTimeSkipping';
const environment = await TestWorkflowEnvironment[create]({ server });
await environment.teardown();
