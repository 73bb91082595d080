import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureCertificates, type Certificates } from '../../../emulator/certificates/certificates.js';
import { startAzurite, type Azurite } from '../../../emulator/storage/azurite.js';

/** A storage account for all tests of the area, started at the first call and stopped after the last test. */
export interface SharedStorage extends Azurite {
  certificates: Certificates;
}

let shared: Promise<SharedStorage> | undefined;
let folder: string | undefined;

export function sharedStorage(): Promise<SharedStorage> {
  shared ??= start();
  return shared;
}

async function start(): Promise<SharedStorage> {
  folder = await mkdtemp(join(tmpdir(), 'emulator-storage-'));
  const certificates = await ensureCertificates(join(folder, 'tls'));
  return { ...(await startAzurite(join(folder, 'blobs'), 'testaccount', certificates)), certificates };
}

after('stop the shared storage', async () => {
  await (await shared)?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});
