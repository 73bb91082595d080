import { readFile, stat } from 'node:fs/promises';
import type { BlobContainer } from '../../azure/blob.js';
import type { Files } from '../../corpus/files/files.js';
import { answered } from './patience.js';

/**
 * Files below a folder of a container, as the stages of a preparation read and write them.
 * @param patienceMs how long an answer is waited for; absent: as usual
 */
export function blobFiles(container: BlobContainer, folder: string, signal: AbortSignal, patienceMs?: number): Files {
  const at = (path: string) => `${folder}/${path}`;
  const write = (path: string, content: Uint8Array) =>
    answered(`writing ${at(path)}`, container.write(at(path), content), patienceMs);
  return {
    read: (path, from = 0, to) =>
      answered(`reading ${at(path)}`, container.range(at(path), from, to, { signal }), patienceMs),
    write,
    async put(path, file) {
      const { size } = await stat(file);
      if (size <= ONE_REQUEST_BYTES) await write(path, await readFile(file));
      else await container.writeFile(at(path), file, signal);
    },
    async remove(path) {
      for (const blob of await container.list(path === '' ? `${folder}/` : `${at(path)}/`, signal)) {
        await answered(`deleting ${blob.path}`, container.remove(blob.path), patienceMs);
      }
    },
  };
}

/** Larger files go up in blocks, and may take as long as they do. */
const ONE_REQUEST_BYTES = 8 << 20;
