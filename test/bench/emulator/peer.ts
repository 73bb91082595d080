import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ensureCertificates } from '../../../emulator/certificates/certificates.js';
import { StorageAccount } from '../../../emulator/storage/account.js';
import { startAzurite } from '../../../emulator/storage/azurite.js';
import { containerOf } from '../../../emulator/storage/client.js';
import { drive } from '../load/drive.js';
import { usageOf } from '../harness/process.js';
import { CLIENTS, LISTINGS_PER_SECOND, type Round } from './ours.js';

/** Azurite with blobs as big as the answers of the emulator. */
export interface Peer {
  measure(warmupSeconds: number, seconds: number): Promise<Round>;
  stop(): Promise<void>;
}

const CONTAINER = 'bench';

/**
 * Starts the peer. Nobody else emulates Azure ML, so it is the emulator that its users run beside it: Microsoft's of Blob
 * storage, asked over HTTPS for blobs of the same sizes in the same rhythm.
 *
 * @param sizes of a job's body and of each page of a listing, in bytes
 */
export async function startPeer(folder: string, sizes: { job: number; pages: readonly number[] }): Promise<Peer> {
  const certificates = await ensureCertificates(join(folder, 'tls'));
  const azurite = await startAzurite(join(folder, 'azurite'), 'benchpeer', certificates);
  const account = new StorageAccount(
    azurite.endpoint,
    { storageAccount: azurite.account, storageKey: azurite.key },
    certificates.caFile,
  );
  await account.ensureContainer(CONTAINER);
  const put = async (name: string, bytes: number): Promise<string> => {
    const blob = containerOf(account.place(CONTAINER, '')).getBlockBlobClient(name);
    await blob.uploadData(Buffer.alloc(bytes, 'x'));
    return account.readUri(azurite.endpoint, CONTAINER, name);
  };
  const gets = [await put('job', sizes.job)];
  const pages = await Promise.all(sizes.pages.map((bytes, index) => put(`page-${index}`, bytes)));
  const ca = readFileSync(certificates.caFile, 'utf8');
  const listings = { perSecond: LISTINGS_PER_SECOND, pages, marker: null };
  const measure: Peer['measure'] = async (warmupSeconds, seconds) => {
    const before = usageOf(azurite.pid).cpuSeconds;
    const outcome = await drive({ ca, headers: {}, clients: CLIENTS, gets, listings, warmupSeconds, seconds });
    return { outcome, seconds, cpuSeconds: usageOf(azurite.pid).cpuSeconds - before };
  };
  return { measure, stop: () => azurite.stop() };
}
