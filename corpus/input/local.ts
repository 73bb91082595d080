import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CorpusError } from '../error.js';
import type { ByteSource } from './source.js';

/** A file of this machine as it is now. @throws CorpusError when it cannot be read, or has become another while it is read. */
export async function localFile(path: string): Promise<ByteSource> {
  const { size, mtimeMs } = await stateOf(path);
  return {
    name: path,
    bytes: size,
    async *read(from, to) {
      if (to <= from) return;
      let left = to - from;
      for await (const chunk of createReadStream(path, { start: from, end: to - 1, highWaterMark: 1 << 18 })) {
        left -= (chunk as Buffer).length;
        yield chunk as Buffer;
      }
      const now = await stateOf(path);
      const isSame = left === 0 && now.size === size && now.mtimeMs === mtimeMs;
      if (!isSame) throw new CorpusError(`${path} has changed while it was read; start again when it is complete.`);
    },
  };
}

async function stateOf(path: string): Promise<{ size: number; mtimeMs: number }> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CorpusError(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code}); name a file.`, { cause });
  });
  if (!found.isFile()) throw new CorpusError(`${path} is no file; name a dump, a text or a JSONL file.`);
  return { size: found.size, mtimeMs: found.mtimeMs };
}
