import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Files } from './files.js';

/** A folder on this machine. What is written appears under its name when it is whole. */
export function localFiles(root: string): Files {
  const at = (path: string): string => join(root, path);
  return {
    read: (path, from, to) => readRange(at(path), from ?? 0, to ?? Infinity),
    async write(path, content) {
      await inPlace(at(path), (partial) => writeFile(partial, content));
    },
    async put(path, file) {
      await mkdir(dirname(at(path)), { recursive: true });
      await rename(file, at(path)).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error;
        await inPlace(at(path), (partial) => copyFile(file, partial));
      });
    },
    remove: (folder) => rm(at(folder), { recursive: true, force: true }),
  };
}

async function readRange(file: string, from: number, to: number): Promise<Uint8Array | null> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const length = Math.max(0, Math.min(to, size) - from);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function inPlace(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.${randomBytes(4).toString('hex')}.partial`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await write(partial);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
