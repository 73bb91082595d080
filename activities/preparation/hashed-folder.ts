import type { BlobContainer } from '../../azure/blob.js';
import type { CopySource } from '../../azure/copy/source.js';
import { sourceSha256, textOf } from '../../azure/copy/whole.js';
import { below } from '../copy/source.js';

/** A folder whose files are read to be hashed, wherever it lies. */
export interface HashedFolder {
  text(file: string): Promise<string | null>;
  /** Null where there is no such file. */
  sha256(file: string): Promise<{ readonly bytes: number; readonly sha256: string } | null>;
}

/** A folder of what shards are copied from: Blob, HTTPS or local. */
export function folderAtSource(source: CopySource, folder: string, signal: AbortSignal): HashedFolder {
  return {
    text: (file) => textOf(source, below(folder, file), signal),
    async sha256(file) {
      const version = await source.look(below(folder, file), signal);
      if (version === null) return null;
      return { bytes: version.bytes, sha256: await sourceSha256(source, version, signal) };
    },
  };
}

/** A folder of a container that the worker reads with its own identity. */
export function folderInContainer(
  container: BlobContainer,
  folder: string,
  signal: AbortSignal,
): HashedFolder & { readonly where: string } {
  return {
    where: `${container.name}/${folder}`,
    text: (file) => container.text(`${folder}/${file}`, signal),
    async sha256(file) {
      if ((await container.info(`${folder}/${file}`)) === null) return null;
      return container.sha256(`${folder}/${file}`, { signal });
    },
  };
}
