import { readFile, stat } from 'node:fs/promises';
import type { BlobContainer } from '../../azure/blob.js';
import type { Files } from '../../corpus/files/files.js';

/** Files below a folder of a container, as the stages of a preparation read and write them. */
export function blobFiles(container: BlobContainer, folder: string, signal: AbortSignal): Files {
  const at = (path: string) => `${folder}/${path}`;
  return {
    read: (path, from = 0, to) => container.range(at(path), from, to, { signal }),
    write: (path, content) => container.write(at(path), content),
    async put(path, file) {
      const { size } = await stat(file);
      if (size <= ONE_REQUEST_BYTES) await container.write(at(path), await readFile(file));
      else await container.writeFile(at(path), file, signal);
    },
    async remove(path) {
      for (const blob of await container.list(path === '' ? `${folder}/` : `${at(path)}/`, signal)) {
        await container.remove(blob.path);
      }
    },
  };
}

/** Larger files go up in blocks. */
const ONE_REQUEST_BYTES = 8 << 20;
