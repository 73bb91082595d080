import type { SourceVersion } from '../../domain/copy/blocks.js';

/** A blob or file as its source has it now. */
export interface SourceBlob extends SourceVersion {
  readonly contentType: string | null;
}

/** How the service may read a blob by itself. */
export interface Access {
  /** May hold a SAS: never logged, never kept. */
  readonly url: string;
  /** Token of the reader where the URL holds no credential of its own. */
  readonly bearer?: string;
}

/**
 * Where blobs are copied from: another container, a web server, a local folder. Paths are relative, with `/`. Every method throws
 * `AzureError`, and none writes anything.
 */
export interface CopySource {
  /** Without any credential: part of block names, manifests and messages. */
  readonly name: string;
  /** All blobs below a prefix, in name order. @throws where the source cannot be listed (HTTPS) */
  list(prefix: string, signal: AbortSignal): Promise<SourceBlob[]>;
  /** The blob as it is now; null where it does not exist. */
  look(path: string, signal: AbortSignal): Promise<SourceBlob | null>;
  /** A stretch of exactly this version. @throws `SourceChanged` where the source has another by now */
  read(version: SourceVersion, offset: number, bytes: number, signal: AbortSignal): Promise<Buffer>;
  /** Null where the service cannot get there by itself, and the bytes go through this process. */
  readonly access: ((path: string, signal: AbortSignal) => Promise<Access>) | null;
  /** Forgets tokens and signatures: the service was refused with them. */
  renew(): void;
}

/** The source is no longer the version that was being copied. */
export class SourceChanged extends Error {
  constructor(path: string) {
    super(`the source blob ${path} changed while it was copied`);
    this.name = 'SourceChanged';
  }
}

/** Bytes at the source that are not what the manifest says, found by hash: copying again would find the same. */
export class DamagedSource extends Error {
  constructor(
    readonly path: string,
    readonly evidence: string,
  ) {
    super(`${path} is damaged at its source: ${evidence}`);
    this.name = 'DamagedSource';
  }
}
