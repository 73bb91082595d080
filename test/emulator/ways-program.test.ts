import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { ContainerClient } from '@azure/storage-blob';

import { allProcesses } from '../../emulator/nodes/processes.js';
import { containerOf } from '../../emulator/storage/client.js';
import { skipUnless } from '../house/skip.js';
import { until } from './support/until.js';

const MAIN = fileURLToPath(new URL('../../emulator/main.js', import.meta.url));

interface Program {
  process: ChildProcess;
  exited: Promise<number | null>;
  ready: { url: string; proxyUrl: string; storageEndpoint: string; caFile: string };
}

interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

describe('emulator: the program, from another folder with nothing else running', function () {
  this.timeout(40_000);
  let folder: string;
  let program: Program | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulator-program-'));
  });
  after(async () => {
    program?.process.kill('SIGKILL');
    await program?.exited;
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });

  // Its list of running emulators lies in the temporary folder, where others may have theirs.
  const settings = (): { cwd: string; env: Record<string, string> } => ({
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: folder },
  });
  const say = (...args: string[]): Promise<Said> =>
    promisify(execFile)(process.execPath, [MAIN, ...args], settings()).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }: Said) => ({ code, stdout, stderr }),
    );
  const start = async (...flags: string[]): Promise<Program> => {
    const child = spawn(process.execPath, [MAIN, ...flags], { ...settings(), stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    const line = await new Promise<string>((done, failed) => {
      child.stdout.once('data', (chunk: Buffer) => done(chunk.toString()));
      void exited.then((code) => failed(new Error(`The emulator ended before it was ready: ${code}.`)));
    });
    program = { process: child, exited, ready: JSON.parse(line) as Program['ready'] };
    return program;
  };
  const azurites = (): number[] =>
    allProcesses().filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return line.includes('azuriteProcess.js') && line.includes(folder);
      } catch {
        return false;
      }
    });
  const container = (running: Program): ContainerClient => {
    const key = readFileSync(join(folder, 'state', 'storage', 'account-key'), 'utf8');
    const { storageEndpoint: endpoint, caFile } = running.ready;
    return containerOf({ endpoint, account: 'emulatorstorage', key, container: 'kept', caFile });
  };

  it('says in one sentence that none runs', async () => {
    const { code, stderr } = await say('env');
    assert.deepEqual(
      [code, stderr],
      [1, 'azureml-emulator: No azureml-emulator runs; start one with: azureml-emulator\n'],
    );
  });

  it('starts with one command, storage included, and tells a shell how to reach it', async () => {
    const { ready } = await start('--state', 'state');
    const { code, stdout } = await say('env', '--json');
    assert.equal(code, 0);
    const variables = JSON.parse(stdout) as Record<string, string>;
    assert.equal(variables['HTTPS_PROXY'], ready.proxyUrl);
    assert.equal(variables['NODE_EXTRA_CA_CERTS'], join(folder, 'state', 'tls', 'ca.pem'));
    const lines = (await say('env')).stdout.trim().split('\n');
    assert.deepEqual(lines, [
      ...Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`),
      'unset ARM_CLOUD_METADATA_URL AZURE_AUTHORITY_HOST AZURE_FEDERATED_TOKEN_FILE',
    ]);
  });

  it('hands out a federated token in a file that a workload can sign in with', async () => {
    const { stdout } = await say('env', '--json', '--workload-identity');
    const variables = JSON.parse(stdout) as Record<string, string>;
    assert.equal(variables['AZURE_CLIENT_SECRET'], undefined);
    assert.match(readFileSync(variables['AZURE_FEDERATED_TOKEN_FILE'] ?? '', 'utf8'), /^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('leads to its own address by the metadata when asked', async () => {
    const { stdout } = await say('env', '--json', '--metadata');
    const variables = JSON.parse(stdout) as Record<string, string>;
    const { url } = program?.ready ?? { url: '' };
    assert.equal(variables['ARM_CLOUD_METADATA_URL'], `${url}/metadata/endpoints?api-version=2019-05-01`);
    assert.equal(variables['AZURE_AUTHORITY_HOST'], url);
  });

  it('takes its storage with it when it is killed, and both come back with everything', async function () {
    skipUnless(existsSync('/proc/self'), 'processes are told apart by /proc, which this system has not', this);
    const first = program as Program;
    await container(first).create();
    await container(first).getBlockBlobClient('precious').upload('still here', 10);
    assert.equal(azurites().length, 1);
    first.process.kill('SIGKILL');
    await first.exited;
    await until('Azurite to end with it', () => azurites().length === 0);
    const second = await start('--state', 'state');
    const kept = await container(second).getBlockBlobClient('precious').downloadToBuffer();
    assert.equal(kept.toString(), 'still here');
  });

  it('ends with Ctrl-C, and its storage and its announcement with it', async () => {
    const running = program as Program;
    running.process.kill('SIGINT');
    assert.equal(await running.exited, 0);
    assert.deepEqual(azurites(), []);
    assert.match(
      (await say('env', '--state', 'state')).stderr,
      /^azureml-emulator: No azureml-emulator runs with the state folder/,
    );
  });

  const misuses: [string[], number, RegExp][] = [
    [['--prot', '1'], 2, /^azureml-emulator: unknown option '--prot'/],
    [['--port', 'x'], 2, /^azureml-emulator: option '--port <port>' argument 'x' is invalid\. Use a whole number/],
    [['rehearse'], 2, /^azureml-emulator: "rehearse" is no verb; see azureml-emulator --help\.$/],
    [['--principal', 'x:owner'], 2, /the role one of contributor, reader, none\.$/],
    [['--storage-endpoint', 'here'], 2, /Use https:\/\/127\.0\.0\.1:PORT\/ACCOUNT\.$/],
    [['--client-secret-file', 'none'], 1, /^azureml-emulator: The file none with a secret cannot be read: ENOENT/],
    [['--storage-endpoint', 'https://127.0.0.1:9/abc'], 1, /needs --storage-key-file with the account's key\.$/],
    [['evict', '--job', 'x'], 1, /^azureml-emulator: No azureml-emulator runs; start one with: azureml-emulator$/],
  ];
  for (const [args, expected, sentence] of misuses) {
    it(`answers "${args.join(' ')}" with one sentence and exit code ${expected}`, async () => {
      const { code, stderr } = await say(...args);
      assert.equal(code, expected);
      assert.match(stderr.trim(), sentence);
      assert.ok(stderr.trim().split('\n').length <= 2, stderr);
    });
  }

  it('explains itself: every option of the service in groups, with a default where there is one', async () => {
    const { code, stdout } = await say('serve', '--help');
    assert.equal(code, 0);
    for (const flag of ['--proxy-port', '--http-port', '--principal', '--federated-subject', '--no-storage', '--speed'])
      assert.match(stdout, new RegExp(`^  ${flag}\\b.*\\w`, 'm'));
  });
});
