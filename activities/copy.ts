import { cancellationSignal } from '@temporalio/activity';
import { copyAll } from '../azure/copy/copy-all.js';
import { copyBlob } from '../azure/copy/copy-blob.js';
import { type CopySource, DamagedSource } from '../azure/copy/source.js';
import type { CopyTools } from '../azure/copy/tools.js';
import type { RunConfig } from '../domain/config.js';
import { BLOCK_BYTES } from '../domain/copy/blocks.js';
import { datasetFolder } from '../domain/paths.js';
import { copyByDownload, damagedAtSource } from './copy/by-download.js';
import { type NamedFile, filesOf, readManifest } from './copy/manifest.js';
import { type PlannedCopy, planOf } from './copy/plan.js';
import { below, placeWords, sourceOf } from './copy/source.js';
import type { BlockCount } from './copy/tally.js';
import { copyTools } from './copy/tools.js';
import { type VerbatimCopy, copyAsItIs } from './copy/verbatim.js';
import { type Deps, type Place, storeOf } from './deps.js';

export interface CopiedData {
  /** Folder in the run's container. */
  readonly folder: string;
  readonly contentId: string;
  readonly blobs: number;
  readonly bytes: number;
  /** Of the blobs, those that were not there already. */
  readonly copied: number;
  /** Absent in answers of older releases. */
  readonly blocks?: BlockCount;
}

interface CopyRequest {
  readonly place: Place;
  readonly data: RunConfig['data'];
  /** In the source; empty where the source is a local folder or a URL. */
  readonly folder: string;
}

/** Copying prepared shards; runs on the `bertha-data` task queue. */
export const copyActivities = (deps: Deps) => ({
  /** What a copy would bring over: nothing is written. */
  async planCopy(request: CopyRequest): Promise<PlannedCopy> {
    const { place, data, folder } = request;
    const where = placeWords(data, folder);
    return planOf(deps, place, sourceOf(deps, place, data), { folder, where, name: data.name });
  },

  /**
   * Copies a prepared dataset into the run's container, block by block, each compared by the service with the manifest's hash of it, so that
   * nothing is downloaded to verify it. The manifest is written last. Repeated, it goes on where it was: no block that the service has is sent again.
   */
  async copyData(request: CopyRequest): Promise<CopiedData> {
    const { place, data, folder } = request;
    const source = sourceOf(deps, place, data);
    const signal = cancellationSignal();
    await storeOf(deps, place).ensure();
    const where = placeWords(data, folder);
    const { manifest, text } = await readManifest(source, folder, where, signal);
    const to = datasetFolder(data.name, manifest.contentId);
    const files = filesOf(manifest);
    const known = files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    const { tools, tally } = copyTools(deps, place, source, { blobs: files.length, bytes: known });
    try {
      const { bytes, copied } = await copyFiles(files, { from: folder, to, where }, tools, storeOf(deps, place));
      await copyAsides(source, { from: folder, to }, text, tools, storeOf(deps, place));
      const { contentId } = manifest;
      return { folder: to, contentId, blobs: files.length, bytes, copied, blocks: tally.blocks };
    } catch (error) {
      if (!(error instanceof DamagedSource)) throw error;
      throw damagedAtSource(error.path.slice(below(folder, '').length), where, error.evidence);
    }
  },

  /** Copies a folder that is no dataset of ours byte for byte, with a manifest of its bytes and hashes. Nothing trains on it as it is. */
  async copyVerbatim(request: CopyRequest): Promise<VerbatimCopy> {
    const { place, data, folder } = request;
    await storeOf(deps, place).ensure();
    return copyAsItIs(deps, place, sourceOf(deps, place, data), folder, data.name);
  },
});

interface FromTo {
  readonly from: string;
  readonly to: string;
}

async function copyFiles(
  files: readonly NamedFile[],
  { from, to, where }: FromTo & { readonly where: string },
  tools: CopyTools,
  target: ReturnType<typeof storeOf>,
): Promise<{ bytes: number; copied: number }> {
  const paths = (file: string) => ({ from: below(from, file), to: `${to}/${file}` });
  const byBlocks = files.filter(({ known }) => known !== null);
  const wanted = byBlocks.map(({ file, known }) => ({ ...paths(file), known, blockBytes: BLOCK_BYTES }));
  const outcomes: { fresh: boolean; bytes: number }[] = await copyAll(wanted, tools);
  for (const file of files.filter(({ known }) => known === null)) {
    const path = paths(file.file);
    outcomes.push(await copyByDownload(target, { ...path, where }, file, tools));
  }
  const bytes = outcomes.reduce((sum, outcome) => sum + outcome.bytes, 0);
  return { bytes, copied: outcomes.filter(({ fresh }) => fresh).length };
}

/** What no hash is known of, and behind it the manifest, as it was read: a manifest that is there says that all of it was. */
async function copyAsides(
  source: CopySource,
  { from, to }: FromTo,
  manifest: string,
  tools: CopyTools,
  target: ReturnType<typeof storeOf>,
): Promise<void> {
  const attribution = 'attribution.jsonl';
  if ((await source.look(below(from, attribution), tools.signal)) !== null) {
    const paths = { from: below(from, attribution), to: `${to}/${attribution}` };
    await copyBlob({ ...paths, known: null, blockBytes: BLOCK_BYTES }, { ...tools, onNews: () => undefined });
  }
  const isThere = (await target.text(`${to}/manifest.json`, tools.signal)) === manifest;
  if (!isThere) await target.write(`${to}/manifest.json`, manifest);
}
