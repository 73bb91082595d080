import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Certificates } from '../certificates/certificates.js';

/** A Blob storage of the emulator's own, a process of its own. */
export interface Azurite {
  /** `https://127.0.0.1:PORT/ACCOUNT` */
  endpoint: string;
  account: string;
  key: string;
  pid: number;
  /** Resolves when the process has ended, whoever ended it, to how it did. */
  ended: Promise<string>;
  /** Lets it write what it holds in memory, and ends it. */
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('azuriteProcess.js', import.meta.url));
const READY = /successfully listens on (https:\/\/127\.0\.0\.1:\d+)/;
const STOP_MS = 3000;

/**
 * Starts the installed Azurite on a free port, with one account whose random key stays the same for the folder's life.
 * It ends with this process, whatever ends that, and Ctrl-C does not reach it before the jobs are gone.
 *
 * @param account a name that is valid in Azure, so that `ACCOUNT.blob.core.windows.net` can stand for it
 * @throws Error with a sentence when it is not installed or does not come up
 */
export async function startAzurite(folder: string, account: string, certificates: Certificates): Promise<Azurite> {
  await mkdir(folder, { recursive: true });
  const key = await keyIn(join(folder, 'account-key'));
  const { storageCertFile, storageKeyFile } = certificates;
  const child = spawn(
    process.execPath,
    [
      PROGRAM,
      ...['--blobHost', '127.0.0.1', '--blobPort', '0', '--location', join(folder, 'blobs')],
      ...['--oauth', 'basic', '--cert', storageCertFile, '--key', storageKeyFile],
      ...['--disableTelemetry', '--silent', '--skipApiVersionCheck'],
    ],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH: process.env['PATH'], AZURITE_PROGRAM: azuriteProgram(), AZURITE_ACCOUNTS: `${account}:${key}` },
    },
  );
  const ended = new Promise<string>((done) =>
    child.once('exit', (code, signal) => done(signal === null ? `exit code ${code}` : signal)),
  );
  const url = await listening(child, ended);
  return { endpoint: `${url}/${account}`, account, key, pid: child.pid ?? 0, ended, stop: () => stop(child, ended) };
}

async function keyIn(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== '') return kept;
  const key = randomBytes(64).toString('base64');
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

function azuriteProgram(): string {
  try {
    return createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  } catch (error) {
    const advice = 'install it with npm, name another storage with --storage-endpoint, or go without with --no-storage';
    throw new Error(`The package azurite, which keeps the blobs, is not installed: ${advice}.`, { cause: error });
  }
}

async function listening(child: ChildProcess, ended: Promise<string>): Promise<string> {
  let said = '';
  const url = new Promise<string>((done) => {
    const hear = (chunk: Buffer): void => {
      said = `${said}${chunk.toString()}`.slice(-2000);
      const found = READY.exec(said)?.[1];
      if (found !== undefined) done(found);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
  });
  const failed = ended.then((how): never => {
    throw new Error(`Azurite, which keeps the blobs, did not come up (${how}): ${said.trim()}`);
  });
  return Promise.race([url, failed]);
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
