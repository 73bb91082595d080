import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { BlobContainer } from '../../azure/blob.js';
import { connectAzure } from '../../azure/connection.js';
import { BerthaClient } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import { runRecordPath } from '../../domain/paths.js';
import { type AzureStack, startAzureOnly } from '../../stack/azure.js';
import { smallConfig } from '../e2e/small-config.js';
import { startServer } from '../workflows/server.js';
import { quiet } from '../workflows/suite.js';
import { withConfig } from './support/config.js';
import { type Ran, bertha, linesOf } from './support/run.js';

const STACK = `cli-storage-test-${process.pid}`;
const ACCOUNT = 'devstoreaccount1';
const at = ['--account', ACCOUNT, '--container', 'bertha', '--cloud', 'local'];

describe('cli: start --from-storage, on a Temporal that knows nothing', function () {
  this.timeout(60_000);
  let azure: AzureStack;
  let temporal: Awaited<ReturnType<typeof startServer>>;
  let store: BlobContainer;

  before(async () => {
    quiet();
    [azure, temporal] = await Promise.all([startAzureOnly({ name: STACK, fresh: true }), startServer('dev')]);
    process.env['BERTHA_CLOUDS_DIR'] = azure.places.folder;
    store = connectAzure(smallConfig('any', 'dump.xml').azure).container(ACCOUNT, 'bertha');
    await store.ensure();
  });

  after(async () => {
    await Promise.all([azure?.stop(), temporal?.teardown()]);
    if (azure !== undefined) rmSync(azure.places.folder, { recursive: true, force: true });
    delete process.env['BERTHA_CLOUDS_DIR'];
  });

  const type = (...argv: string[]): Promise<Ran> =>
    bertha(argv, { TEMPORAL_ADDRESS: temporal.address, BERTHA_STACK: STACK });

  const leave = (run: string, config: unknown, name = run) =>
    store.write(
      runRecordPath(run),
      JSON.stringify({ format: 'bertha-run/1', run: name, chains: ['c1'], spec: 's', config }),
    );

  it('takes up the run with the config that lies there, under its own name', async () => {
    const config = smallConfig('lost', 'dump.xml');
    await leave('lost', { ...config, name: 'of-a-schedule' });
    const { code, out, err } = await type('start', '--from-storage', 'runs/lost/', ...at);
    assert.equal(code, 0, err);
    assert.match(out, /^run lost continued at /);
    const started = await startedWith('lost');
    assert.deepEqual([started.config, started.continueRun], [{ ...config, name: 'lost' }, true]);
  });

  it('refuses a run that is running here already', async () => {
    const { code, err } = await type('start', '--from-storage', 'runs/lost', ...at);
    assert.equal(code, 1);
    assert.match(err, /^bertha: a run named "lost" is running; look at it with: npx bertha show lost/);
  });

  it('is told where by a config file just as well', async () => {
    await leave('by-config', smallConfig('by-config', 'dump.xml'));
    await withConfig(JSON.stringify(smallConfig('another', 'dump.xml')), async (file) => {
      const { code, err } = await type('start', '--from-storage', 'runs/by-config', '--config', file);
      assert.equal(code, 0, err);
    });
  });

  it('says what lies there where no such run does', async () => {
    const { code, err } = await type('start', '--from-storage', 'runs/nobody', ...at);
    assert.equal(code, 1);
    assert.match(
      err,
      /^bertha: there is no devstoreaccount1\/bertha\/runs\/nobody\/run\.json; the container holds runs\/by-config, runs\/lost\n$/,
    );
  });

  it('says of a record that it cannot use what is wrong with it', async () => {
    await store.write(runRecordPath('damaged'), '{"run": "dam');
    await leave('older', { ...smallConfig('older', 'dump.xml'), cluster: null });
    const elsewhere = smallConfig('elsewhere', 'dump.xml');
    await leave('elsewhere', {
      ...elsewhere,
      storage: { ...elsewhere.storage, container: 'other' },
    } satisfies RunConfig);
    const wrong = {
      damaged: /runs\/damaged\/run\.json is damaged: it is not JSON/,
      older:
        /holds a config that this release does not take \(cluster: .*\); write a config file for it and go on with/,
      elsewhere: /says that its run lies in devstoreaccount1\/other: take it up from there/,
    };
    for (const [run, expected] of Object.entries(wrong)) {
      const { code, err } = await type('start', '--from-storage', `runs/${run}`, ...at);
      assert.equal(code, 1);
      assert.equal(linesOf(err).length, 1, err);
      assert.match(err, expected);
    }
  });

  it('needs to know where, and either a config or a folder', async () => {
    const usage = [
      [['start', '--from-storage', 'runs/lost'], /needs to know where: --account and --container/],
      [
        ['start', 'x.yaml', '--from-storage', 'runs/lost', ...at],
        /a config file, or --from-storage runs\/NAME, and not/,
      ],
      [['start'], /start needs a config file, or --from-storage/],
      [['start', '--from-storage', 'runs/lost', '--name', 'new', ...at], /--name "new" means nothing with --from-/],
    ] as const;
    for (const [argv, expected] of usage) {
      const { code, err } = await type(...argv);
      assert.equal(code, 2, err);
      assert.match(err, expected);
    }
  });

  it('says so where the account gives no answer or no leave', async () => {
    const { code, err } = await type('start', '--from-storage', 'runs/lost', '--account', 'nobodys', ...at.slice(2));
    assert.equal(code, 1);
    assert.match(err, /^bertha: nobodys\/bertha\/runs\/lost\/run\.json cannot be read: /);
    assert.equal(linesOf(err).length, 1, err);
  });

  async function startedWith(run: string): Promise<{ config: unknown; continueRun: unknown }> {
    const client = await BerthaClient.connect({
      address: temporal.address,
      namespace: 'default',
      options: {},
      from: 'environment',
    });
    try {
      const [payload] =
        (await client.history(run)).events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      return JSON.parse(Buffer.from(payload?.data ?? '').toString()) as { config: unknown; continueRun: unknown };
    } finally {
      await client.close();
    }
  }
});
