import { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import { armRequest, workspaceId } from './arm.js';
import type { AzureConnection } from './connection.js';
import { AzureError, calling, orNull } from './errors.js';

/** Looks for an environment version of the workspace. @returns its ARM id, or null where it does not exist */
export async function findEnvironment(azure: AzureConnection, name: string, version: string): Promise<string | null> {
  const { resourceGroup, workspace } = azure.target;
  const reading = calling(`reading environment ${name}:${version}`, () =>
    azure.ml.environmentVersions.get(resourceGroup, workspace, name, version),
  );
  return (await orNull(reading)) === null ? null : `${workspaceId(azure)}/environments/${name}/versions/${version}`;
}

/** Registers an environment version; an existing one is left alone. @returns its ARM id */
export async function ensureEnvironment(
  azure: AzureConnection,
  environment: { name: string; version: string; image: string; condaFile: string },
): Promise<string> {
  const { resourceGroup, workspace } = azure.target;
  const { name, version, image, condaFile } = environment;
  const known = await findEnvironment(azure, name, version);
  if (known !== null) return known;
  await calling(`registering environment ${name}:${version}`, () =>
    azure.ml.environmentVersions.createOrUpdate(resourceGroup, workspace, name, version, {
      properties: { image, condaFile, osType: 'Linux' },
    }),
  );
  return `${workspaceId(azure)}/environments/${name}/versions/${version}`;
}

export interface CodeFile {
  /** Path inside the asset. */
  readonly path: string;
  readonly content: Uint8Array;
}

const pendingUploadSchema = z.object({
  blobReferenceForConsumption: z.object({ blobUri: z.string(), credential: z.object({ sasUri: z.string() }) }),
});

/**
 * Makes sure of a code version: asks for a place to upload to, uploads, registers. Versions are immutable and named by their content, so an existing one is right.
 * @returns its ARM id and whether it was there already
 */
export async function ensureCode(
  azure: AzureConnection,
  code: { name: string; version: string; sha256: string; files: readonly CodeFile[] },
): Promise<{ id: string; reused: boolean }> {
  const path = `/codes/${code.name}/versions/${code.version}`;
  const id = `${workspaceId(azure)}${path}`;
  const known = await orNull(armRequest(azure, 'GET', path));
  if (known !== null) return { id, reused: true };
  const { body } = await armRequest(azure, 'POST', `${path}/startPendingUpload`, {
    body: { pendingUploadType: 'TemporaryBlobReference' },
  });
  const upload = pendingUploadSchema.safeParse(body);
  if (!upload.success) throw new AzureError('transient', 'the workspace offered no place to upload code to');
  const { blobUri, credential } = upload.data.blobReferenceForConsumption;
  const place = new ContainerClient(credential.sasUri, undefined, azure.sasOptions);
  await calling('uploading code', async () => {
    for (const file of code.files) {
      await place
        .getBlockBlobClient(`${code.version}/${file.path}`)
        .upload(Buffer.from(file.content), file.content.byteLength);
    }
  });
  await armRequest(azure, 'PUT', path, {
    body: {
      properties: {
        codeUri: `${blobUri}/${code.version}`,
        isAnonymous: false,
        properties: { hash_sha256: code.sha256, hash_version: '202208' },
      },
    },
  });
  return { id, reused: false };
}

/** Registers a model version from a datastore path; an existing version is left alone. */
export async function registerModel(
  azure: AzureConnection,
  model: { name: string; version: string; uri: string; tags: Record<string, string> },
): Promise<void> {
  const { resourceGroup, workspace } = azure.target;
  const known = await orNull(
    calling(`reading model ${model.name}`, () =>
      azure.ml.modelVersions.get(resourceGroup, workspace, model.name, model.version),
    ),
  );
  if (known !== null) return;
  await calling(`registering model ${model.name}`, () =>
    azure.ml.modelVersions.createOrUpdate(resourceGroup, workspace, model.name, model.version, {
      properties: { modelType: 'custom_model', modelUri: model.uri, tags: model.tags },
    }),
  );
}
