import { ApplicationFailure } from '@temporalio/common';
import type { BlobContainer } from '../../azure/blob.js';
import { copyBlob } from '../../azure/copy/copy-blob.js';
import { SourceChanged } from '../../azure/copy/source.js';
import type { CopyTools } from '../../azure/copy/tools.js';
import { sourceSha256 } from '../../azure/copy/whole.js';
import { BLOCK_BYTES } from '../../domain/copy/blocks.js';
import type { NamedFile } from './manifest.js';

/**
 * Copies a file of which only the SHA-256 of the whole is known, and reads it at the destination to verify it: no service computes that.
 * @param where the source's folder in words
 * @returns whether it was copied now; false where the destination had it, byte for byte
 */
export async function copyByDownload(
  target: BlobContainer,
  { from, to, where }: { from: string; to: string; where: string },
  file: NamedFile,
  tools: CopyTools,
): Promise<{ fresh: boolean; bytes: number }> {
  const there = await target.info(to);
  const sizeFits = there !== null && (file.bytes === null || there.bytes === file.bytes);
  const hashed = () => target.sha256(to, { signal: tools.signal });
  if (sizeFits && (await hashed()).sha256 === file.sha256) {
    tools.onNews({ kind: 'kept', to, bytes: there.bytes });
    return { fresh: false, bytes: there.bytes };
  }
  const { bytes } = await copyBlob({ from, to, known: null, blockBytes: BLOCK_BYTES, anew: true }, tools);
  const arrived = await hashed();
  if (arrived.sha256 !== file.sha256) throw await damaged({ from, where }, arrived.sha256, file, tools);
  return { fresh: true, bytes };
}

/** Damage on the way is copied again; damage at the source would be copied again for ever, so it is final. */
async function damaged(
  { from, where }: { from: string; where: string },
  arrived: string,
  file: NamedFile,
  tools: CopyTools,
): Promise<ApplicationFailure> {
  const { source, signal } = tools;
  const says = `its manifest says ${file.sha256.slice(0, 12)}...`;
  const version = await source.look(from, signal);
  const there = version === null ? null : await sourceSha256(source, version, signal).catch(changedIsNull);
  if (there === null || there === file.sha256) {
    return ApplicationFailure.retryable(
      `${file.file} has sha256 ${arrived.slice(0, 12)}... after the copy, ${says}; copying it again`,
      'DamagedShard',
    );
  }
  return damagedAtSource(file.file, where, `its sha256 is ${there.slice(0, 12)}..., ${says}`);
}

/** Copying again would find the same: a person must act. */
export function damagedAtSource(file: string, source: string, evidence: string): ApplicationFailure {
  const message = `shard ${file} is damaged in ${source}: ${evidence}; prepare the dataset again`;
  return ApplicationFailure.nonRetryable(message, 'DamagedShard');
}

function changedIsNull(error: unknown): null {
  if (error instanceof SourceChanged) return null;
  throw error;
}
