import { AnonymousCredential, BlobClient } from '@azure/storage-blob';
import type { AzureConnection } from './connection.js';
import { calling, orNull } from './errors.js';

/**
 * The last lines of a log file, without the one that is cut; empty where there is no file.
 * @param url from `JobHistory.logFiles`: it carries its own SAS, and no error of this function repeats it
 * @param bytes how much of its end is read at most
 */
export async function readLogEnd(azure: AzureConnection, url: string, bytes: number): Promise<string[]> {
  const blob = new BlobClient(url, new AnonymousCredential(), azure.sasOptions);
  const found = await orNull(calling('looking at a log file', () => blob.getProperties()));
  const length = found?.contentLength ?? 0;
  if (length === 0) return [];
  const from = Math.max(0, length - bytes);
  const end = await calling('reading a log file', () => blob.downloadToBuffer(from, length - from));
  const lines = end.toString('utf8').split('\n');
  return (from === 0 ? lines : lines.slice(1)).filter((line) => line.trim() !== '');
}
