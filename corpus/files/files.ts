import { CorpusError } from '../error.js';

/**
 * A folder of whole files, on a disk or in Blob storage: what a preparation keeps between its pieces, and what comes out of it.
 * Paths are relative, with `/`. A reader sees a file as it was written, or not at all; writing the same bytes again is harmless.
 */
export interface Files {
  /** Bytes `from` up to `to`, fewer where the file ends before; null where there is no such file. Both absent: all of it. */
  read(path: string, from?: number, to?: number): Promise<Uint8Array | null>;
  write(path: string, content: Uint8Array): Promise<void>;
  /** Brings a finished local file in place; it may be moved away from where it lies. */
  put(path: string, file: string): Promise<void>;
  /** Removes everything below a folder; '' is all there is. */
  remove(folder: string): Promise<void>;
}

/** A file that ought to be there is not: it was removed meanwhile, or never written. */
export class MissingFileError extends CorpusError {
  constructor(path: string) {
    super(
      `The intermediate file ${path} of the preparation is gone; start the preparation again, it goes on where it can.`,
    );
  }
}

/** The whole of a file. @throws MissingFileError */
export async function readWhole(files: Files, path: string): Promise<Uint8Array> {
  const content = await files.read(path);
  if (content === null) throw new MissingFileError(path);
  return content;
}

/** Parsed JSON of a file; null where there is none. */
export async function readJson<T>(files: Files, path: string): Promise<T | null> {
  const content = await files.read(path);
  return content === null ? null : (JSON.parse(Buffer.from(content).toString('utf8')) as T);
}

export async function writeJson(files: Files, path: string, value: unknown): Promise<void> {
  await files.write(path, Buffer.from(JSON.stringify(value)));
}

/** A file in chunks, the next one asked for while one is in use. @throws MissingFileError */
export async function* streamFile(files: Files, path: string, chunkBytes = 1 << 22): AsyncGenerator<Uint8Array> {
  const chunkAt = (from: number): Promise<Uint8Array | null> => files.read(path, from, from + chunkBytes);
  let next = chunkAt(0);
  for (let from = chunkBytes; ; from += chunkBytes) {
    const chunk = await next;
    if (chunk === null) throw new MissingFileError(path);
    const isLast = chunk.length < chunkBytes;
    if (!isLast) {
      next = chunkAt(from);
      // Whoever leaves the loop early does not wait for it.
      next.catch(() => undefined);
    }
    if (chunk.length > 0) yield chunk;
    if (isLast) return;
  }
}

/** The lines of a text file, without their ends. @throws MissingFileError */
export async function* linesOf(files: Files, path: string, chunkBytes?: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of streamFile(files, path, chunkBytes)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
