import { createHash, randomUUID } from 'node:crypto';

import { armFault } from '../http/fault.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** Where a client may upload the files of an asset before it registers it. */
export const pendingUploadRoutes: readonly Route[] = ['codes', 'models', 'data'].map((segment) => ({
  method: 'POST',
  path: `${WORKSPACE}/${segment}/:asset/versions/:version/startPendingUpload`,
  guard: 'arm',
  title: 'Where to upload the files of a version',
  handle: (call) => startPendingUpload(call, segment),
}));

// The same version gets the same container again, so that a retried upload goes on where it was.
async function startPendingUpload(call: Call, segment: string): Promise<Reply> {
  const { storage, options, workspaceId } = call.world;
  if (storage === null)
    throw armFault(
      409,
      'NoStorage',
      'This emulator was started without --storage-endpoint, so nothing can be uploaded.',
    );
  const identity = `${segment}/${param(call, 'asset').toLowerCase()}/${param(call, 'version').toLowerCase()}`;
  const container = containerFor(workspaceId, identity);
  await storage.ensureContainer(container);
  const base = call.site.blob(storage.name);
  return ok({
    blobReferenceForConsumption: {
      blobUri: `${withPort(base)}/${container}`,
      storageAccountArmId: `/subscriptions/${options.subscription}/resourceGroups/${options.resourceGroup}/providers/Microsoft.Storage/storageAccounts/${storage.name}`,
      credential: { credentialType: 'SAS', sasUri: storage.uploadUri(base, container) },
    },
    pendingUploadId: randomUUID(),
    pendingUploadType: 'None',
  });
}

// Named as the service does since 2024: by the workspace, then 26 letters and digits.
function containerFor(workspaceId: string, identity: string): string {
  const digest = createHash('sha256').update(`${workspaceId}/${identity}`).digest();
  const letters = [...digest.subarray(0, 26)].map((byte) => LETTERS[byte % LETTERS.length]);
  return `${workspaceId}-${letters.join('')}`;
}

// The service spells out the port in this address, and not in the one with the signature.
function withPort(base: string): string {
  const { protocol, port, pathname } = new URL(base);
  const isBare = protocol === 'https:' && port === '' && pathname === '/';
  return isBare ? `${base}:443` : base;
}
