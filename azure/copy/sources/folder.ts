import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { SourceVersion } from '../../../domain/copy/blocks.js';
import { AzureError } from '../../errors.js';
import { type CopySource, type SourceBlob, SourceChanged } from '../source.js';

/** A local folder. What stands for the ETag of a file is when it was last written, its size and its inode. */
export function folderSource(folder: string): CopySource {
  const name = `folder:${folder}`;
  const blob = (path: string, found: BigIntStats): SourceBlob => ({
    source: name,
    path,
    bytes: Number(found.size),
    etag: etagOf(found),
    contentType: null,
  });
  const look = async (path: string): Promise<SourceBlob | null> => {
    const found = await statOf(join(folder, path));
    return found?.isFile() === true ? blob(path, found) : null;
  };
  return {
    name,
    look,
    async list(prefix) {
      const files = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
        throw new AzureError('permanent', `the folder ${folder} cannot be read on this worker`, { cause });
      });
      const paths = files.map((file) => relative(folder, join(folder, file)).split(sep).join('/')).sort();
      const blobs = await Promise.all(paths.filter((path) => path.startsWith(prefix)).map(look));
      return blobs.filter((one) => one !== null);
    },
    read: (version, offset, bytes) => readStretch(join(folder, version.path), version, offset, bytes),
    access: null,
    renew: () => undefined,
  };
}

const etagOf = ({ mtimeNs, size, ino }: BigIntStats) => `${mtimeNs}-${size}-${ino}`;

async function readStretch(file: string, version: SourceVersion, offset: number, bytes: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch(() => {
    throw new SourceChanged(version.path);
  });
  try {
    const buffer = Buffer.allocUnsafe(bytes);
    const read = await readWhole(handle, buffer, offset);
    // Looked at behind the read: what was written before it shows.
    const after = etagOf(await handle.stat({ bigint: true }));
    if (read !== bytes || after !== version.etag) throw new SourceChanged(version.path);
    return buffer;
  } finally {
    await handle.close();
  }
}

async function readWhole(handle: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await handle.read(buffer, done, buffer.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

async function statOf(file: string): Promise<BigIntStats | null> {
  return stat(file, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw new AzureError('permanent', `${file} cannot be read on this worker (${error.code ?? error.message})`);
  });
}
