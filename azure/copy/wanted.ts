import type { SourceVersion } from '../../domain/copy/blocks.js';
import { versionId } from '../../domain/copy/blocks.js';
import { crc64Text } from '../../domain/copy/crc64.js';
import type { Properties, TargetBlob } from './target.js';

/** One blob that is to be brought over. */
export interface Wanted {
  /** Path at the source. */
  readonly from: string;
  /** Path at the destination. */
  readonly to: string;
  /** What a manifest says of its bytes: each block is compared with its hash by the service. Null where nothing is known. */
  readonly known: KnownContent | null;
  /** Where nothing is known. */
  readonly blockBytes: number;
  /** Whether the CRC64 of the whole is wanted. */
  readonly crc64?: boolean;
  /** What stands at the destination is not trusted, whatever it says of itself. */
  readonly anew?: boolean;
}

export interface KnownContent {
  readonly bytes: number;
  readonly sha256: string;
  /** MD5 of each stretch of `blockBytes`, hex; the last may be shorter. */
  readonly md5: readonly string[];
  readonly blockBytes: number;
}

/** Names of the metadata that a copied blob carries. Whoever overwrites the blob overwrites them too. */
const SHA256 = 'bertha_sha256';
const VERSION = 'bertha_version';
const CRC64 = 'bertha_crc64';
const SOURCE_ETAG = 'bertha_source_etag';

/**
 * Whether the destination holds what is wanted: committed by a copy that had every block compared with the manifest's hashes, or, where there
 * are none, from this very version of the source.
 */
export function isDone(there: TargetBlob | null, wanted: Wanted, version: SourceVersion, blockBytes: number): boolean {
  if (there === null || wanted.anew === true || there.bytes !== version.bytes) return false;
  const { known } = wanted;
  if (known !== null) return there.metadata[SHA256] === known.sha256;
  const hasHash = wanted.crc64 !== true || there.metadata[CRC64] !== undefined;
  return hasHash && there.metadata[VERSION] === versionId(version, blockBytes);
}

/** What the blob is committed with. */
export function propertiesOf(
  wanted: Wanted,
  version: SourceVersion & { readonly contentType: string | null },
  blockBytes: number,
  crc64: bigint | null,
): Properties {
  const metadata = {
    [VERSION]: versionId(version, blockBytes),
    // Quotes and line breaks have no place in a header.
    [SOURCE_ETAG]: version.etag.replace(/[^\w.:+-]/g, ''),
    ...(wanted.known === null ? {} : { [SHA256]: wanted.known.sha256 }),
    ...(crc64 === null ? {} : { [CRC64]: crc64Text(crc64) }),
  };
  return { metadata, contentType: version.contentType };
}

/** CRC64 that a blob was committed with; null where it was not. */
export const crc64In = (there: TargetBlob): string | null => there.metadata[CRC64] ?? null;
