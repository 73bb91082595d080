import { createHash } from 'node:crypto';
import type { SourceVersion } from '../../domain/copy/blocks.js';
import { type CopySource, SourceChanged } from './source.js';

const STRETCH_BYTES = 8 * 1024 * 1024;

/** A small blob of a source as text, as it was at one moment; null where it does not exist. */
export async function textOf(source: CopySource, path: string, signal: AbortSignal): Promise<string | null> {
  for (;;) {
    const version = await source.look(path, signal);
    if (version === null) return null;
    if (version.bytes === 0) return '';
    try {
      return (await source.read(version, 0, version.bytes, signal)).toString('utf8');
    } catch (error) {
      if (!(error instanceof SourceChanged)) throw error;
    }
  }
}

/** SHA-256 (hex) of one version of a blob at its source, read through this process. @throws SourceChanged */
export async function sourceSha256(source: CopySource, version: SourceVersion, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (let offset = 0; offset < version.bytes; offset += STRETCH_BYTES) {
    const bytes = Math.min(STRETCH_BYTES, version.bytes - offset);
    hash.update(await source.read(version, offset, bytes, signal));
  }
  return hash.digest('hex');
}
