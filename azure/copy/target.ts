import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import type { Block } from '../../domain/copy/blocks.js';
import type { Uncommitted } from '../../domain/copy/left.js';
import { whileSourceIs } from './condition.js';
import type { Access } from './source.js';

/** A blob of the destination. */
export interface TargetBlob {
  readonly bytes: number;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a blob is committed with. */
export interface Properties {
  readonly metadata: Record<string, string>;
  readonly contentType: string | null;
}

/**
 * Where blobs are copied to, call by call as the service has them: nothing is repeated here, and what the SDK throws is thrown. Its client
 * is made with `sendSourceConditions` and one try.
 */
export class CopyTarget {
  constructor(private readonly container: ContainerClient) {}

  /** Null where there is no such blob, or only blocks of one. */
  async look(path: string, signal: AbortSignal): Promise<TargetBlob | null> {
    try {
      const found = await this.blob(path).getProperties({ abortSignal: signal });
      return { bytes: found.contentLength ?? 0, etag: found.etag ?? '', metadata: found.metadata ?? {} };
    } catch (error) {
      return orNull(error);
    }
  }

  /** Blocks that were sent and that no blob consists of yet. */
  async uncommitted(path: string, signal: AbortSignal): Promise<Uncommitted[]> {
    try {
      const list = await this.blob(path).getBlockList('uncommitted', { abortSignal: signal });
      return (list.uncommittedBlocks ?? []).map(({ name, size }) => ({ id: name, bytes: size }));
    } catch (error) {
      return orNull(error) ?? [];
    }
  }

  /**
   * Put Block From URL: the service reads the block itself, from exactly this version of the source.
   * @param md5 the service compares the bytes with it and refuses others
   * @returns CRC64 of the bytes it wrote, where it says
   */
  async pull(
    path: string,
    block: Block,
    from: { access: Access; etag: string; md5: Uint8Array | null },
    signal: AbortSignal,
  ): Promise<Uint8Array | null> {
    const { access, etag, md5 } = from;
    const options = {
      abortSignal: signal,
      ...(md5 === null ? {} : { sourceContentMD5: md5 }),
      ...(access.bearer === undefined ? {} : { sourceAuthorization: { scheme: 'Bearer', value: access.bearer } }),
    };
    const staging = () => this.blob(path).stageBlockFromURL(block.id, access.url, block.offset, block.bytes, options);
    const answer = await whileSourceIs(etag, staging);
    return answer.xMsContentCrc64 ?? null;
  }

  /** Put Block: the bytes come from here, and the service compares them with their MD5. */
  async push(path: string, block: Block, bytes: Buffer, md5: Uint8Array, signal: AbortSignal): Promise<void> {
    const options = { abortSignal: signal, transactionalContentMD5: md5 };
    await this.blob(path).stageBlock(block.id, bytes, bytes.byteLength, options);
  }

  /** Put Block List: from here on the blob exists. @param before what stood there; anything else by now is left alone (409, 412) */
  async commit(
    path: string,
    blocks: readonly Block[],
    properties: Properties,
    before: TargetBlob | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { metadata, contentType } = properties;
    await this.blob(path).commitBlockList(
      blocks.map(({ id }) => id),
      {
        abortSignal: signal,
        conditions: before === null ? { ifNoneMatch: '*' } : { ifMatch: before.etag },
        metadata,
        ...(contentType === null ? {} : { blobHTTPHeaders: { blobContentType: contentType } }),
      },
    );
  }

  /** Drops all blocks of a blob that is to be written anyway, and the blob: the one way to get rid of blocks that stand in the way. */
  async clear(path: string, before: TargetBlob | null, signal: AbortSignal): Promise<void> {
    await this.commit(path, [], { metadata: {}, contentType: null }, before, signal);
    await this.blob(path).deleteIfExists({ abortSignal: signal });
  }

  private blob(path: string): BlockBlobClient {
    return this.container.getBlockBlobClient(path);
  }
}

function orNull(error: unknown): null {
  if ((error as { statusCode?: number }).statusCode === 404) return null;
  throw error;
}
