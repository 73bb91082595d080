import { createHash } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from './files.js';

/** What a file holds, as whoever reads it later may check. */
export interface Content {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a file of any size through a scratch file; it appears in its place when it is finished. Needs no closing where that never comes. */
export interface FileWriter {
  write(chunk: string | Uint8Array): Promise<void>;
  /** Brings the file in place. @returns what it holds */
  finish(): Promise<Content>;
}

const flushAt = 1 << 20;

/** @param scratch folder on this machine for the unfinished file */
export async function createFile(files: Files, path: string, scratch: string): Promise<FileWriter> {
  const unfinished = join(scratch, path.replaceAll('/', '-'));
  await writeFile(unfinished, '');
  const hash = createHash('sha256');
  let waiting: Uint8Array[] = [];
  let size = 0;
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const content = Buffer.concat(waiting);
    waiting = [];
    size = 0;
    hash.update(content);
    bytes += content.length;
    await appendFile(unfinished, content);
  };
  return {
    async write(chunk) {
      const content = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      waiting.push(content);
      size += content.length;
      if (size >= flushAt) await flush();
    },
    async finish() {
      await flush();
      await files.put(path, unfinished);
      return { bytes, sha256: hash.digest('hex') };
    },
  };
}
