import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { Certificates } from '../../../emulator/certificates/certificates.js';

/** A Blob storage emulator that uses the same certificate. */
export interface Azurite {
  /** `https://127.0.0.1:PORT/ACCOUNT` */
  endpoint: string;
  account: string;
  key: string;
  pid: number;
  stop(): Promise<void>;
}

const ACCOUNT = 'testaccount';

/** Starts Azurite on a free port with an account of its own and its data below `folder`. */
export async function startAzurite(folder: string, certificates: Certificates): Promise<Azurite> {
  await mkdir(folder, { recursive: true });
  const key = randomBytes(64).toString('base64');
  const program = join(
    dirname(createRequire(import.meta.url).resolve('azurite/package.json')),
    'dist/src/blob/main.js',
  );
  const flags = ['--oauth', 'basic', '--cert', certificates.certFile, '--key', certificates.keyFile];
  const child = spawn(
    process.execPath,
    [
      program,
      '--blobPort',
      '0',
      '--location',
      folder,
      '--disableTelemetry',
      '--silent',
      '--skipApiVersionCheck',
      ...flags,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificates.caFile, AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
    },
  );
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const url = await new Promise<string>((done, failed) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /successfully listens on (https:\/\/127\.0\.0\.1:\d+)/.exec(said);
      if (found?.[1] !== undefined) done(found[1]);
    });
    child.once('exit', () => failed(new Error(`Azurite ended: ${said}`)));
  });
  return {
    endpoint: `${url}/${ACCOUNT}`,
    account: ACCOUNT,
    key,
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGKILL');
      return exited;
    },
  };
}
