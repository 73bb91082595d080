import { open } from 'node:fs/promises';

import type { BlockBlobClient } from '@azure/storage-blob';

import { sameContent, signatureOf, type Signature } from './tree.js';

/** What of a file goes up: all of it unless said otherwise. */
export interface Portion {
  /** Its first bytes only. */
  bytes?: number;
  /** This bit, counted from the first byte's lowest, the other way round. */
  flippedBit?: number;
}

/** What came of sending a file. */
export type Pushed =
  | { result: 'sent'; signature: Signature; etag: string; content: Buffer | null }
  /** It is not, or not any more, what it was when it was seen closed: nothing was stored, look again. */
  | { result: 'changed' };

const BLOCK_BYTES = 8 * 1024 * 1024;

/**
 * Stores a file whole or not at all: small ones in one request, larger ones in blocks that are only committed when the
 * file did not change while it was read.
 *
 * @param seen the file as it was before nobody had it open for writing; somebody may have opened it again since
 */
export async function pushFile(
  blob: BlockBlobClient,
  path: string,
  seen: Signature,
  portion: Portion = {},
): Promise<Pushed> {
  if (!sameContent(seen, await signatureOf(path))) return { result: 'changed' };
  const bytes = Math.min(seen.bytes, portion.bytes ?? seen.bytes);
  const isSmall = bytes <= BLOCK_BYTES;
  const content = isSmall ? flip(await readWhole(path, bytes), 0, portion) : null;
  if (content !== null && content.length !== bytes) return { result: 'changed' };
  const blocks = isSmall ? [] : await stage(blob, path, bytes, portion);
  if (!sameContent(seen, await signatureOf(path))) return { result: 'changed' };
  const { etag } = content === null ? await blob.commitBlockList(blocks) : await blob.upload(content, content.length);
  return { result: 'sent', signature: seen, etag: etag ?? '', content };
}

async function readWhole(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function stage(blob: BlockBlobClient, path: string, bytes: number, portion: Portion): Promise<string[]> {
  const file = await open(path, 'r');
  try {
    const ids: string[] = [];
    for (let offset = 0; offset < bytes; offset += BLOCK_BYTES) {
      const buffer = Buffer.alloc(Math.min(BLOCK_BYTES, bytes - offset));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      const id = Buffer.from(String(offset).padStart(20, '0')).toString('base64');
      await blob.stageBlock(id, flip(buffer.subarray(0, bytesRead), offset, portion), bytesRead);
      ids.push(id);
    }
    return ids;
  } finally {
    await file.close();
  }
}

function flip(content: Buffer, offset: number, { flippedBit }: Portion): Buffer {
  if (flippedBit === undefined) return content;
  const index = Math.floor(flippedBit / 8) - offset;
  const byte = content[index];
  if (byte !== undefined) content[index] = byte ^ (1 << (flippedBit % 8));
  return content;
}
