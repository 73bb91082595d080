import { AnonymousCredential, BlobClient } from '@azure/storage-blob';
import type { AzureConnection } from './connection.js';
import { calling, orNull } from './errors.js';

/** New content of a log file; `next` is the offset to read from the next time. */
export interface LogPart {
  readonly text: string;
  readonly next: number;
}

/**
 * Reads a log file of a job from a byte offset on, up to its last whole UTF-8 character.
 * @param url from `JobHistory.logFiles`: it carries its own SAS, and no error of this function repeats it
 */
export async function readLog(azure: AzureConnection, url: string, offset: number): Promise<LogPart> {
  const blob = new BlobClient(url, new AnonymousCredential(), azure.sasOptions);
  const found = await orNull(calling('looking at a log file', () => blob.getProperties()));
  const grown = (found?.contentLength ?? 0) - offset;
  if (grown <= 0) return { text: '', next: offset };
  const bytes = await calling('reading a log file', () => blob.downloadToBuffer(offset, grown));
  const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
  return { text: whole.toString('utf8'), next: offset + whole.length };
}

/** Bytes at the end that begin a UTF-8 character and do not finish it: 0 to 3. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    const continues = (byte & 0xc0) === 0x80;
    if (continues) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
