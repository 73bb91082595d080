import { AnonymousCredential, BlobClient } from '@azure/storage-blob';
import type { AzureConnection } from './connection.js';
import { calling, orNull } from './errors.js';

/** How far a log file has been read; `begin` for one that was never looked at. */
export interface LogPlace {
  /** Bytes. */
  readonly offset: number;
  /** Epoch milliseconds at which the file was created; null where it was not there yet. */
  readonly born: number | null;
}

export const logBegin: LogPlace = { offset: 0, born: null };

/** New content of a log file, and the place to go on from. */
export interface LogPart {
  readonly text: string;
  readonly next: LogPlace;
  /** True where the file was begun anew since the last look: Azure has started the job again in place. The text is the new file's. */
  readonly anew: boolean;
}

/**
 * Reads a log file of a job from a place on, up to its last whole UTF-8 character.
 * @param url from `JobHistory.logFiles`: it carries its own SAS, and no error of this function repeats it
 */
export async function readLog(azure: AzureConnection, url: string, from: LogPlace): Promise<LogPart> {
  const blob = new BlobClient(url, new AnonymousCredential(), azure.sasOptions);
  const found = await orNull(calling('looking at a log file', () => blob.getProperties()));
  if (found === null) return { text: '', next: from, anew: false };
  const bytes = found.contentLength ?? 0;
  const born = found.createdOn?.getTime() ?? from.born;
  const anew = from.offset > 0 && (bytes < from.offset || born !== from.born);
  const offset = anew ? 0 : from.offset;
  if (bytes === offset) return { text: '', next: { offset, born }, anew };
  const read = await calling('reading a log file', () => blob.downloadToBuffer(offset, bytes - offset));
  const whole = read.subarray(0, read.length - unfinished(read));
  return { text: whole.toString('utf8'), next: { offset: offset + whole.length, born }, anew };
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
