import { createHash, randomUUID } from 'node:crypto';

import { armFault } from '../http/fault.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';

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
  const digest = createHash('sha256').update(`${workspaceId}/${identity}`).digest('hex');
  const container = `${digest.slice(0, 8)}-${digest.slice(8, 40)}`;
  await storage.ensureContainer(container);
  const base = call.site.blob(storage.name);
  return ok({
    blobReferenceForConsumption: {
      blobUri: `${base}/${container}`,
      storageAccountArmId: `/subscriptions/${options.subscription}/resourceGroups/${options.resourceGroup}/providers/Microsoft.Storage/storageAccounts/${storage.name}`,
      credential: { credentialType: 'SAS', sasUri: storage.uploadUri(base, container) },
    },
    pendingUploadId: randomUUID(),
    pendingUploadType: 'None',
  });
}
