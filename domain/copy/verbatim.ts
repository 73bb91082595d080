import { z } from 'zod';
import { contentHash } from '../names.js';

/** Name of the manifest of a verbatim copy, written last. */
export const VERBATIM_FILE = 'verbatim.json';

const blob = z.strictObject({
  path: z.string().min(1),
  bytes: z.int().min(0),
  /** Of the version that was copied. */
  sourceEtag: z.string(),
  /** CRC64 of the whole blob as Azure Storage computes it (CRC-64/NVME), 16 hex digits. */
  crc64: z.string().regex(/^[0-9a-f]{16}$/),
});

/** `verbatim.json`: what a folder of somebody else's holds, byte for byte as it was. It is no dataset: nothing trains on it as it is. */
export const VerbatimManifestSchema = z.strictObject({
  format: z.literal('bertha-verbatim/1'),
  name: z.string().min(1),
  /** Where it came from, without any credential. */
  source: z.string(),
  bytes: z.int().min(0),
  blobs: z.array(blob),
});

export type VerbatimManifest = z.infer<typeof VerbatimManifestSchema>;
export type VerbatimBlob = z.infer<typeof blob>;

export function verbatimManifest(name: string, source: string, blobs: readonly VerbatimBlob[]): VerbatimManifest {
  const inOrder = [...blobs].sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = blobs.reduce((sum, one) => sum + one.bytes, 0);
  return { format: 'bertha-verbatim/1', name, source, bytes, blobs: inOrder };
}

/** Folder of a verbatim copy: another source, or one that has changed, has another. @param listing what the source holds */
export function verbatimFolder(
  name: string,
  source: string,
  listing: readonly { readonly path: string; readonly bytes: number; readonly etag: string }[],
): string {
  const known = listing.map(({ path, bytes, etag }) => [path, bytes, etag]).sort();
  return `data/${name}/verbatim-${contentHash({ source, known }).slice(0, 16)}`;
}
