import {
  BlobSASPermissions,
  ContainerSASPermissions,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob';

// A client's clock may be a little behind.
const SKEW_MS = 15 * 60_000;

/** A container with the key of its account. */
export interface KeyedContainer {
  account: string;
  key: string;
  container: string;
}

/** A signature for all of a container, as listSecrets hands out for a key that expires. */
export function containerSignature(place: KeyedContainer, hours: number, permissions = 'racwdl'): string {
  return sign(place, { permissions: ContainerSASPermissions.parse(permissions) }, hours);
}

/** A signature to read one blob. */
export function blobSignature(place: KeyedContainer, blobName: string, hours: number): string {
  return sign(place, { blobName, permissions: BlobSASPermissions.parse('r') }, hours);
}

function sign(
  { account, key, container }: KeyedContainer,
  what: { permissions: ContainerSASPermissions } | { blobName: string; permissions: BlobSASPermissions },
  hours: number,
): string {
  const startsOn = new Date(Date.now() - SKEW_MS);
  const expiresOn = new Date(Date.now() + hours * 3_600_000);
  const credential = new StorageSharedKeyCredential(account, key);
  return generateBlobSASQueryParameters(
    { containerName: container, ...what, startsOn, expiresOn },
    credential,
  ).toString();
}
