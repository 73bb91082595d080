import { ApplicationFailure } from '@temporalio/common';
import { cancellationSignal } from '@temporalio/activity';
import { copyAll } from '../../azure/copy/copy-all.js';
import type { CopySource } from '../../azure/copy/source.js';
import { BLOCK_BYTES } from '../../domain/copy/blocks.js';
import { VERBATIM_FILE, verbatimFolder, verbatimManifest } from '../../domain/copy/verbatim.js';
import { type Deps, type Place, storeOf } from '../deps.js';
import { below } from './source.js';
import type { BlockCount } from './tally.js';
import { copyTools } from './tools.js';

export interface VerbatimCopy {
  /** Folder in the run's container; holds `verbatim.json`. */
  readonly folder: string;
  readonly blobs: number;
  readonly bytes: number;
  readonly copied: number;
  readonly blocks: BlockCount;
}

/**
 * Copies all blobs below a folder as they are. The hashes of the manifest are the service's own, of the bytes it wrote, put together block
 * by block: nothing is downloaded. They say that what lies there is what was copied, and nothing of what the source should have been.
 */
export async function copyAsItIs(
  deps: Deps,
  place: Place,
  source: CopySource,
  folder: string,
  name: string,
): Promise<VerbatimCopy> {
  const prefix = folder === '' ? '' : below(folder, '');
  const listing = await source.list(prefix, cancellationSignal());
  if (listing.length === 0)
    throw ApplicationFailure.nonRetryable(`${source.name}/${folder} holds nothing`, 'NoDataset');
  const to = verbatimFolder(name, `${source.name}/${folder}`, listing);
  const bytes = listing.reduce((sum, blob) => sum + blob.bytes, 0);
  const { tools, tally } = copyTools(deps, place, source, { blobs: listing.length, bytes });
  const wanted = listing.map(({ path }) => {
    return { from: path, to: `${to}/${path.slice(prefix.length)}`, known: null, blockBytes: BLOCK_BYTES, crc64: true };
  });
  const copied = await copyAll(wanted, tools);
  const blobs = copied.map(({ path, bytes, sourceEtag, crc64 }) => {
    return { path: path.slice(to.length + 1), bytes, sourceEtag, crc64: crc64 ?? '' };
  });
  const manifest = verbatimManifest(name, `${source.name}/${folder}`, blobs);
  await storeOf(deps, place).write(`${to}/${VERBATIM_FILE}`, JSON.stringify(manifest, null, 2));
  const fresh = copied.filter((one) => one.fresh).length;
  return { folder: to, blobs: blobs.length, bytes: manifest.bytes, copied: fresh, blocks: tally.blocks };
}
