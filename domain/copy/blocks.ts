import { contentHash } from '../names.js';

/** One version of one blob at its source: what a copy is held to from its first block to its last. */
export interface SourceVersion {
  /** Which source, without any credential. */
  readonly source: string;
  readonly path: string;
  readonly bytes: number;
  /** Changes with every write; of a local file, what stands for that. */
  readonly etag: string;
}

/** A part of a blob, copied by one request. */
export interface Block {
  /** Base64 as the service wants it, of one length for all blocks of all blobs. */
  readonly id: string;
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Where nothing else says how large blocks are. */
export const BLOCK_BYTES = 16 * 1024 * 1024;

/** What the service takes: a blob of 50,000 blocks, each of 4000 MiB. */
const MOST_BLOCKS = 50_000;

/** The block size for a blob: as wanted, doubled until the blob fits. */
export function blockBytesFor(bytes: number, wanted: number = BLOCK_BYTES): number {
  return Math.ceil(bytes / wanted) <= MOST_BLOCKS ? wanted : blockBytesFor(bytes, wanted * 2);
}

/**
 * The name of a version cut in blocks of one size. Whoever copies the same version in the same blocks gives it the same name, so what an
 * attempt before has brought over is known without any record of it.
 */
export function versionId(version: SourceVersion, blockBytes: number): string {
  const { source, path, bytes, etag } = version;
  return contentHash({ source, path, bytes, etag, blockBytes }).slice(0, 40);
}

/** The blocks of a version, in order; none of an empty blob. */
export function blocksOf(version: SourceVersion, blockBytes: number): Block[] {
  const prefix = versionId(version, blockBytes);
  return Array.from({ length: Math.ceil(version.bytes / blockBytes) }, (_, index) => {
    const offset = index * blockBytes;
    // 48 characters of the alphabet of Base64 are Base64 already, of 36 bytes.
    const id = `${prefix}${String(index).padStart(8, '0')}`;
    return { id, index, offset, bytes: Math.min(blockBytes, version.bytes - offset) };
  });
}
