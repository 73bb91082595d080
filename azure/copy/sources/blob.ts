import type { ContainerClient } from '@azure/storage-blob';
import type { SourceVersion } from '../../../domain/copy/blocks.js';
import { AzureError, calling, orNull } from '../../errors.js';
import { type Access, type CopySource, type SourceBlob, SourceChanged } from '../source.js';

/** How the service is let in at a container: what it is given for one blob. */
export interface Entry {
  access(url: string, path: string, signal: AbortSignal): Promise<Access>;
  renew(): void;
}

/**
 * A container of Blob storage.
 * @param name its URL, without a credential
 * @param client reads it for us: looks, lists, hashes. Made anew where what it signs in with may have been renewed
 */
export function blobSource(name: string, client: () => ContainerClient, entry: Entry): CopySource {
  const blobAt = (path: string) => client().getBlobClient(path);
  const url = (path: string) => `${name}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const version = (path: string, found: Found): SourceBlob => ({
    source: name,
    path,
    bytes: found.contentLength ?? 0,
    etag: found.etag ?? '',
    contentType: found.contentType ?? null,
  });
  return {
    name,
    list: (prefix, signal) =>
      calling(`listing ${prefix} in ${name}`, async () => {
        const found: SourceBlob[] = [];
        for await (const item of client().listBlobsFlat({ prefix, abortSignal: signal }))
          found.push(version(item.name, { ...item.properties, etag: quoted(item.properties.etag) }));
        return found;
      }),
    async look(path, signal) {
      const looking = calling(`looking at ${path} in ${name}`, () =>
        blobAt(path).getProperties({ abortSignal: signal }),
      );
      const found = await orNull(looking);
      return found === null ? null : version(path, found);
    },
    read: (of, offset, bytes, signal) => readStretch(blobAt(of.path), of, offset, bytes, signal),
    access: (path, signal) => entry.access(url(path), path, signal),
    renew: () => entry.renew(),
  };
}

interface Found {
  readonly contentLength?: number;
  readonly etag?: string;
  readonly contentType?: string;
}

/** A listing names ETags bare, a look quoted. */
const quoted = (etag: string) => (etag.startsWith('"') ? etag : `"${etag}"`);

async function readStretch(
  blob: ReturnType<ContainerClient['getBlobClient']>,
  of: SourceVersion,
  offset: number,
  bytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const options = { abortSignal: signal, conditions: { ifMatch: of.etag } };
  const reading = calling(`reading ${of.path}`, async () => {
    const answer = await blob.download(offset, bytes, options);
    const chunks: Buffer[] = [];
    for await (const chunk of answer.readableStreamBody ?? []) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  });
  return reading.catch((error: unknown) => {
    const isGone = error instanceof AzureError && (error.kind === 'conflict' || error.kind === 'not-found');
    throw isGone ? new SourceChanged(of.path) : error;
  });
}
