import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { RunReport } from '../../client.js';
import { bertha, installation } from '../../installation.js';
import { takeFolder } from '../../stack/folder.js';
import type { StackPlaces } from '../../stack/places.js';
import { tools } from '../../stack/places.js';
import { type Part, startPart, stopPart } from '../../stack/processes.js';
import { startTemporal } from '../../stack/temporal.js';
import { smallConfig, smallDump } from './small-config.js';

const TARGET = {
  subscriptionId: '5b0f8a1c-3a52-4d0e-9d3b-0c6f6f3a7e11',
  resourceGroup: 'rg-bert',
  workspace: 'ws-bert',
};
const ACCOUNT = 'bertstorage7';

/**
 * A run as a person on Azure has it: a config that names a subscription, a workspace and a storage account, and a service principal in the environment.
 * That the answers come from this machine is known to HTTPS_PROXY and the trusted authority alone.
 */
describe("e2e: a small run that knows Azure's own hosts only", function () {
  this.timeout(120_000);
  const parts: Part[] = [];
  let places: StackPlaces;
  let environment: Record<string, string>;
  let configFile: string;

  before(async () => {
    places = takeFolder({ name: 'e2e-azure', fresh: true });
    writeFileSync(places.secret, 'the secret of a service principal', { mode: 0o600 });
    configFile = writeConfig(places.folder);
    const [variables] = await Promise.all([startAzure(), startTemporal(places, parts)]);
    environment = { ...variables, TEMPORAL_CONFIG_FILE: places.temporalProfile };
    await startWorker();
  });

  after(async () => {
    for (const part of parts.reverse()) await stopPart(places, part);
  });

  it('completes, from the start on a command line to the report, without a word about where Azure is', async () => {
    const program = join(installation, 'bin', 'bertha.mjs');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, '--json', 'start', configFile, '--watch'],
      { env: { ...onlyPath(), ...environment }, cwd: places.folder, maxBuffer: 64 * 1024 * 1024, timeout: 110_000 },
    );
    const { report } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { report: RunReport };
    assert.equal(report.outcome, 'completed');
    assert.equal(report.phases[0]?.attempts.length, 1);
    assert.equal(report.model?.name, 'tiny');
  });

  it("sent its blobs and its requests to Azure's own hosts, and asked for nothing that the proxy had to refuse", () => {
    const log = readFileSync(join(places.logs, 'azureml.log'), 'utf8');
    assert.match(
      log,
      new RegExp(`PUT +201 .* ${ACCOUNT}\\.blob\\.core\\.windows\\.net/bertha/runs/azure-hosts/report\\.json`),
    );
    assert.match(log, /GET +200 .*\/runs\/azure-hosts-p1-a001\/details/);
    assert.doesNotMatch(log, /CONNECT .* 403/);
  });

  it('had no local address in its config', () => {
    assert.doesNotMatch(readFileSync(configFile, 'utf8'), /127\.0\.0\.1|localhost|https?:/);
  });

  /** @returns the variables that `azureml-emulator env` prints */
  async function startAzure(): Promise<Record<string, string>> {
    const emulator = bertha('build', 'emulator', 'main.js');
    const target = [
      '--subscription',
      TARGET.subscriptionId,
      '--resource-group',
      TARGET.resourceGroup,
      '--workspace',
      TARGET.workspace,
    ];
    const { part } = await startPart(places, {
      name: 'azureml',
      command: process.execPath,
      args: [
        ...[emulator, '--state', places.azureml, '--client-secret-file', places.secret, '--storage-account', ACCOUNT],
        ...[...target, '--speed', '10', '--log-requests', '--path-prepend', dirname(tools().python)],
      ],
      ready: (line) => (line.startsWith('{"ready":true') ? line : null),
    });
    parts.push(part);
    const { stdout } = await promisify(execFile)(process.execPath, [
      emulator,
      'env',
      '--json',
      '--state',
      places.azureml,
    ]);
    return JSON.parse(stdout) as Record<string, string>;
  }

  async function startWorker(): Promise<void> {
    const { part } = await startPart(places, {
      name: 'worker',
      command: process.execPath,
      args: [bertha('build', 'worker.js')],
      env: { ...environment, BERTHA_HOME: installation },
      ready: (line) => (line.startsWith('worker ') ? line : null),
      readyWithinSeconds: 60,
    });
    parts.push(part);
  }
});

function writeConfig(folder: string): string {
  const dump = join(folder, 'dump.xml');
  writeFileSync(dump, smallDump());
  const small = smallConfig('azure-hosts', dump);
  const [phase] = small.phases;
  const config = {
    ...small,
    azure: TARGET,
    storage: { ...small.storage, account: ACCOUNT },
    data: { ...small.data, source: { ...small.data.source, account: ACCOUNT } },
    cluster: { ...small.cluster, nodes: 1 },
    phases: [{ ...phase, steps: 6, globalBatch: 24 }],
  };
  const file = join(folder, 'config.yaml');
  writeFileSync(file, JSON.stringify(config, null, 2));
  return file;
}

// The shell that runs the tests may be set up for anything; the program sees what `env` printed.
function onlyPath(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
}
