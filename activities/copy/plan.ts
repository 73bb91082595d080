import { cancellationSignal } from '@temporalio/activity';
import { openTarget } from '../../azure/copy/open.js';
import type { CopySource } from '../../azure/copy/source.js';
import type { CopyTarget } from '../../azure/copy/target.js';
import { isDone } from '../../azure/copy/wanted.js';
import { BLOCK_BYTES, blockBytesFor, blocksOf } from '../../domain/copy/blocks.js';
import { whatIsLeft } from '../../domain/copy/left.js';
import { datasetFolder } from '../../domain/paths.js';
import type { Deps, Place } from '../deps.js';
import { type NamedFile, filesOf, readManifest } from './manifest.js';
import { below } from './source.js';

/** What a copy would bring over. */
export interface PlannedCopy {
  /** Folder in the run's container. */
  readonly folder: string;
  readonly contentId: string;
  readonly blobs: number;
  readonly bytes: number;
  /** Blobs that are there, and bytes, those of blocks of unfinished blobs included. */
  readonly there: { readonly blobs: number; readonly bytes: number };
  /** Requests that bring bytes. */
  readonly blocksLeft: number;
}

/** Looks at every blob of a dataset at its source and at the destination. @throws a final failure where there is no dataset */
export async function planOf(
  deps: Deps,
  place: Place,
  source: CopySource,
  { folder, where, name }: { folder: string; where: string; name: string },
): Promise<PlannedCopy> {
  const signal = cancellationSignal();
  const { manifest } = await readManifest(source, folder, where, signal);
  const { account, container } = place.storage;
  const target = openTarget(deps.connection(place.azure), account, container);
  const to = datasetFolder(name, manifest.contentId);
  const sums = { blobs: 0, bytes: 0, there: { blobs: 0, bytes: 0 }, blocksLeft: 0 };
  for (const file of filesOf(manifest)) {
    const one = await planFile(file, source, below(folder, file.file), `${to}/${file.file}`, target, signal);
    sums.blobs++;
    sums.bytes += one.bytes;
    sums.there.blobs += one.isThere ? 1 : 0;
    sums.there.bytes += one.bytesThere;
    sums.blocksLeft += one.blocksLeft;
  }
  return { folder: to, contentId: manifest.contentId, ...sums };
}

async function planFile(
  file: NamedFile,
  source: CopySource,
  from: string,
  to: string,
  target: CopyTarget,
  signal: AbortSignal,
): Promise<{ bytes: number; isThere: boolean; bytesThere: number; blocksLeft: number }> {
  const there = await target.look(to, signal);
  const version = await source.look(from, signal);
  const bytes = file.bytes ?? version?.bytes ?? 0;
  if (version === null) return { bytes, isThere: false, bytesThere: 0, blocksLeft: 0 };
  const { known } = file;
  const blockBytes = known?.blockBytes ?? blockBytesFor(version.bytes, BLOCK_BYTES);
  if (isDone(there, { from, to, known, blockBytes }, version, blockBytes))
    return { bytes, isThere: true, bytesThere: bytes, blocksLeft: 0 };
  const found = whatIsLeft(blocksOf(version, blockBytes), await target.uncommitted(to, signal));
  const bytesThere = found.there.reduce((sum, block) => sum + block.bytes, 0);
  return { bytes, isThere: false, bytesThere, blocksLeft: found.left.length };
}
