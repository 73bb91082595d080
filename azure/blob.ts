import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { isRestError } from '@azure/core-rest-pipeline';
import { copyInBlocks, readOnlySas } from './blob-copy.js';
import { AzureError, calling, orNull } from './errors.js';

export interface BlobInfo {
  readonly path: string;
  readonly bytes: number;
  /** With its quotation marks, as a condition wants it. */
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly modified: number;
}

/** A Blob container in our words. Every method throws `AzureError`; paths are blob names. Safe to repeat unless said otherwise. */
export class BlobContainer {
  private readonly client: ContainerClient;

  constructor(
    private readonly service: BlobServiceClient,
    readonly account: string,
    readonly name: string,
  ) {
    this.client = service.getContainerClient(name);
  }

  /** URL of a blob, without any credential. */
  url(path: string): string {
    return this.client.getBlobClient(path).url;
  }

  /** Creates the container where it does not exist. @returns true where this call created it. */
  async ensure(): Promise<boolean> {
    const answer = await calling(`creating container ${this.name}`, () => this.client.createIfNotExists());
    return answer.succeeded;
  }

  async exists(): Promise<boolean> {
    return calling(`looking for container ${this.name}`, () => this.client.exists());
  }

  /** Content of a blob as it was at one moment; null where it does not exist. */
  async bytes(path: string, signal?: AbortSignal): Promise<Buffer | null> {
    // In one request: who asks for the size first, as downloadToBuffer does, gets a part of what was written anew in between.
    const reading = calling(`reading ${path}`, async () => {
      const answer = await this.client.getBlobClient(path).download(0, undefined, abort(signal));
      const chunks: Buffer[] = [];
      for await (const chunk of answer.readableStreamBody ?? []) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    });
    return orNull(reading);
  }

  /**
   * Bytes `from` up to `to` of a blob, fewer where it ends before; null where it does not exist.
   * @param options `onlyIfStill`: the call throws a conflict where the blob has another ETag by now
   */
  async range(
    path: string,
    from: number,
    to: number | undefined,
    options: { signal?: AbortSignal; onlyIfStill?: string } = {},
  ): Promise<Buffer | null> {
    if (to !== undefined && to <= from) return Buffer.alloc(0);
    const conditions = options.onlyIfStill === undefined ? {} : { conditions: { ifMatch: options.onlyIfStill } };
    const count = to === undefined ? undefined : to - from;
    const reading = calling(`reading ${path}`, async () => {
      const blob = this.client.getBlobClient(path);
      const answer = await blob.download(from, count, { ...abort(options.signal), ...conditions }).catch(nullBehindEnd);
      const chunks: Buffer[] = [];
      for await (const chunk of answer?.readableStreamBody ?? []) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    });
    return orNull(reading);
  }

  /** Content of a blob as text; null where it does not exist. */
  async text(path: string, signal?: AbortSignal): Promise<string | null> {
    const buffer = await this.bytes(path, signal);
    return buffer === null ? null : buffer.toString('utf8');
  }

  /** Parsed JSON of a blob; null where it does not exist or is not (yet) whole JSON. */
  async json(path: string, signal?: AbortSignal): Promise<unknown> {
    const text = await this.text(path, signal);
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  async info(path: string): Promise<BlobInfo | null> {
    const found = await orNull(calling(`looking at ${path}`, () => this.client.getBlobClient(path).getProperties()));
    if (found === null) return null;
    return {
      path,
      bytes: found.contentLength ?? 0,
      etag: found.etag ?? '',
      modified: found.lastModified?.getTime() ?? 0,
    };
  }

  /** All blobs below a prefix, in name order. */
  async list(prefix: string, signal?: AbortSignal): Promise<BlobInfo[]> {
    return calling(`listing ${prefix}`, async () => {
      const found: BlobInfo[] = [];
      for await (const item of this.client.listBlobsFlat({ prefix, ...abort(signal) })) {
        const { contentLength, etag, lastModified } = item.properties;
        found.push({
          path: item.name,
          bytes: contentLength ?? 0,
          etag: quoted(etag),
          modified: lastModified.getTime(),
        });
      }
      return found;
    });
  }

  /** Names directly below a folder: `a/` → [`b`, `c`] for `a/b/x` and `a/c`. */
  async folders(folder: string, signal?: AbortSignal): Promise<string[]> {
    const prefix = `${folder}/`;
    return calling(`listing ${prefix}`, async () => {
      const names: string[] = [];
      for await (const item of this.client.listBlobsByHierarchy('/', { prefix, ...abort(signal) })) {
        if (item.kind === 'prefix') names.push(item.name.slice(prefix.length, -1));
      }
      return names;
    });
  }

  /**
   * Writes a whole blob.
   * @param options `onlyIfAbsent`: an existing one is left alone; `onlyIfStill`: one with another ETag is; the call throws a conflict
   */
  async write(
    path: string,
    content: string | Uint8Array,
    options: { onlyIfAbsent?: boolean; onlyIfStill?: string } = {},
  ): Promise<void> {
    const { onlyIfAbsent, onlyIfStill } = options;
    const body = typeof content === 'string' ? Buffer.from(content) : content;
    const absent = onlyIfAbsent === true ? { conditions: { ifNoneMatch: '*' } } : {};
    const conditions = onlyIfStill === undefined ? absent : { conditions: { ifMatch: onlyIfStill } };
    await calling(`writing ${path}`, () =>
      this.client.getBlockBlobClient(path).upload(body, body.byteLength, conditions),
    );
  }

  /** Uploads a local file. */
  async writeFile(path: string, file: string, signal?: AbortSignal): Promise<void> {
    const { size } = await stat(file);
    const blob = this.client.getBlockBlobClient(path);
    if (size === 0) return this.write(path, new Uint8Array());
    await calling(`uploading ${path}`, () =>
      blob.uploadStream(createReadStream(file), 8 * 1024 * 1024, 4, abort(signal)),
    );
  }

  /** Downloads a blob to a local file, whose folder exists. */
  async download(path: string, file: string, signal?: AbortSignal): Promise<void> {
    await calling(`downloading ${path}`, () =>
      this.client.getBlobClient(path).downloadToFile(file, 0, undefined, abort(signal)),
    );
  }

  /** Appends whole lines to an append blob, created if need be. Not idempotent: lines carry a sequence number, readers drop repeats. */
  async append(path: string, lines: string): Promise<void> {
    const blob = this.client.getAppendBlobClient(path);
    const body = Buffer.from(lines);
    await calling(`appending to ${path}`, async () => {
      await blob.createIfNotExists();
      await blob.appendBlock(body, body.byteLength);
    });
  }

  async remove(path: string): Promise<void> {
    await calling(`deleting ${path}`, () => this.client.getBlobClient(path).deleteIfExists());
  }

  /** SHA-256 (hex) and length of a blob, streamed. @param onBytes called with the bytes read so far. */
  async sha256(
    path: string,
    options: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
  ): Promise<{ sha256: string; bytes: number }> {
    return calling(`hashing ${path}`, async () => {
      const answer = await this.client.getBlobClient(path).download(0, undefined, abort(options.signal));
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of answer.readableStreamBody ?? []) {
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
        options.onBytes?.(bytes);
      }
      return { sha256: hash.digest('hex'), bytes };
    });
  }

  /** Content of a blob from a byte offset on; empty where it has not grown. */
  async textFrom(path: string, offset: number): Promise<string> {
    const info = await this.info(path);
    if (info === null || info.bytes <= offset) return '';
    const read = await calling(`reading ${path}`, () =>
      this.client.getBlobClient(path).downloadToBuffer(offset, info.bytes - offset),
    );
    return read.toString('utf8');
  }

  /**
   * Server-side copy of one blob from another container: Put Block From URL + Put Block List, each block taken only while the source has the same ETag.
   * The bytes never pass through this process. The source is opened by a user-delegation SAS that lives an hour and never leaves this method.
   */
  async copyFrom(source: BlobContainer, from: string, to: string, signal?: AbortSignal): Promise<void> {
    const before = await source.info(from);
    if (before === null)
      throw new AzureError('not-found', `the source blob ${from} does not exist in container ${source.name}`);
    const sas = await source.readOnlySas(from);
    const blob = this.client.getBlockBlobClient(to);
    await calling(`copying ${from}`, () => copyInBlocks(blob, before, `${source.url(from)}?${sas}`, signal));
  }

  private readOnlySas(path: string): Promise<string> {
    return readOnlySas(this.service, this, path);
  }
}

/** A listing names ETags bare, a look quoted. */
const quoted = (etag: string) => (etag.startsWith('"') ? etag : `"${etag}"`);

/** HTTP 416: there is no byte so far behind. */
function nullBehindEnd(error: unknown): null {
  if (isRestError(error) && error.statusCode === 416) return null;
  throw error;
}

const abort = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });
