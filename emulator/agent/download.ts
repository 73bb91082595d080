import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { ContainerClient } from '@azure/storage-blob';

import { containerOf } from '../storage/client.js';
import type { BlobPlace } from '../storage/place.js';

const AT_ONCE = 4;

/**
 * Fetches all blobs below a place into a folder, which it makes.
 *
 * @returns how many there were
 */
export async function downloadFolder(place: BlobPlace, folder: string): Promise<number> {
  const container = containerOf(place);
  const start = place.prefix === '' ? '' : `${place.prefix}/`;
  await mkdir(folder, { recursive: true });
  const names: string[] = [];
  for await (const blob of container.listBlobsFlat({ prefix: start })) {
    if (!blob.name.endsWith('/')) names.push(blob.name);
  }
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      await fetchBlob(container, name, join(folder, name.slice(start.length)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return names.length;
}

/** Fetches one blob into a folder under its own name and returns the path. @throws when there is none */
export async function downloadFile(place: BlobPlace, folder: string): Promise<string> {
  const path = join(folder, basename(place.prefix));
  await fetchBlob(containerOf(place), place.prefix, path);
  return path;
}

async function fetchBlob(container: ContainerClient, name: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await container.getBlobClient(name).downloadToFile(path);
}
