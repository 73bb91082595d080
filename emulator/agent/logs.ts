import { open, type FileHandle } from 'node:fs/promises';

import type { AppendBlobClient, ContainerClient } from '@azure/storage-blob';

const PERIOD_MS = 1000;
const CHUNK_BYTES = 1024 * 1024;

/** Sends what is written to a local log file to an append blob, once a second. A restart begins the blob anew. */
export class LogStream {
  private readonly blob: AppendBlobClient | null;
  private offset = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();
  private begun = false;

  /** @param container null without storage: the log stays on the node */
  constructor(
    private readonly path: string,
    container: ContainerClient | null,
    blobName: string,
  ) {
    this.blob = container?.getAppendBlobClient(blobName) ?? null;
    if (this.blob !== null) this.timer = setInterval(() => void this.send().catch(() => undefined), PERIOD_MS);
    void this.send().catch(() => undefined);
  }

  /** Sends the rest and stops. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.send();
  }

  private send(): Promise<void> {
    this.sending = this.sending.catch(() => undefined).then(() => this.sendRest());
    return this.sending;
  }

  private async sendRest(): Promise<void> {
    if (this.blob === null) return;
    if (!this.begun) await this.blob.create({ blobHTTPHeaders: { blobContentType: 'text/plain' } });
    this.begun = true;
    const file = await open(this.path, 'r');
    try {
      for (let chunk = await readAt(file, this.offset); chunk.length > 0; chunk = await readAt(file, this.offset)) {
        await this.blob.appendBlock(chunk, chunk.length);
        this.offset += chunk.length;
      }
    } finally {
      await file.close();
    }
  }
}

/** The last lines of a log, for the message of a failed job. */
export async function tailOf(path: string, lines: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const text = (await readAt(file, Math.max(0, size - 16 * 1024))).toString('utf8');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, offset: number): Promise<Buffer> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, offset);
  return buffer.subarray(0, bytesRead);
}
