import { httpFile } from '../input/https.js';
import { localFile } from '../input/local.js';
import type { ByteSource } from '../input/source.js';

/** Where the input of a task lies: what a thread opens itself, or bytes that its caller reads for it. */
export type SourceOfTask =
  | { readonly file: string }
  | { readonly url: string; readonly version?: string }
  | { readonly name: string; readonly bytes: number; readonly read: ReadRange };

/** Bytes `from` up to `to`, all of them. */
export type ReadRange = (from: number, to: number) => Promise<Uint8Array>;

const blockBytes = 1 << 22;

export async function openSource(source: SourceOfTask): Promise<ByteSource> {
  if ('file' in source) return localFile(source.file);
  if ('url' in source) return httpFile(source.url, source.version === undefined ? {} : { version: source.version });
  const { name, bytes, read } = source;
  return {
    name,
    bytes,
    async *read(from, to) {
      for (let at = from; at < to; at += blockBytes) yield await read(at, Math.min(to, at + blockBytes));
    },
  };
}
