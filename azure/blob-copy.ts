import { createHash } from 'node:crypto';
import {
  type BlobServiceClient,
  BlobSASPermissions,
  type BlockBlobClient,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob';
import type { BlobInfo } from './blob.js';
import { whileSourceIs } from './copy/condition.js';
import { refusalOf } from './copy/refusal.js';
import { AzureError, calling } from './errors.js';

const BLOCK_BYTES = 32 * 1024 * 1024;

/**
 * Has the service copy a blob in blocks, each taken only while the source has the same ETag.
 * @param before the source as it was looked at
 * @param url where the service reads it, with what it is let in by
 * @throws AzureError transient where the source is another by now
 */
export async function copyInBlocks(
  blob: BlockBlobClient,
  before: BlobInfo,
  url: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = signal === undefined ? {} : { abortSignal: signal };
  const ids: string[] = [];
  for (let offset = 0; offset < before.bytes; offset += BLOCK_BYTES) {
    const id = blockId(before, ids.length);
    const length = Math.min(BLOCK_BYTES, before.bytes - offset);
    const staging = () => blob.stageBlockFromURL(id, url, offset, length, options);
    await whileSourceIs(before.etag, staging).catch((error: unknown) => {
      throw refusalOf(error, false)?.kind === 'source-changed' ? changed(before.path, error) : error;
    });
    ids.push(id);
  }
  await blob.commitBlockList(ids, options);
}

/** A user-delegation SAS for one blob, good for an hour. */
export async function readOnlySas(
  service: BlobServiceClient,
  container: { readonly account: string; readonly name: string },
  path: string,
): Promise<string> {
  const startsOn = new Date(Date.now() - 5 * 60_000);
  const expiresOn = new Date(Date.now() + 60 * 60_000);
  const key = await calling('asking for a user delegation key', () =>
    service.getUserDelegationKey(startsOn, expiresOn),
  );
  const permissions = BlobSASPermissions.parse('r');
  const allows = { containerName: container.name, blobName: path, permissions, startsOn, expiresOn };
  return generateBlobSASQueryParameters(allows, key, container.account).toString();
}

/** Equal for equal source and place, so that a repeated copy overwrites its own blocks. */
function blockId(source: BlobInfo, index: number): string {
  const identity = createHash('sha256')
    .update(`${source.path}|${source.etag}|${source.bytes}`)
    .digest('hex')
    .slice(0, 24);
  return Buffer.from(`${identity}-${String(index).padStart(6, '0')}`).toString('base64');
}

function changed(path: string, cause: unknown): AzureError {
  return new AzureError('transient', `the source blob ${path} changed while it was copied; copying it again`, {
    cause,
  });
}
