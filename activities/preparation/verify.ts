import { cancellationSignal } from '@temporalio/activity';
import type { DatasetManifest } from '../../corpus/manifest.js';
import { manifestFile, parseManifest } from '../../corpus/manifest.js';
import { datasetFolder } from '../../domain/paths.js';
import { type FoundManifest, readManifest } from '../copy/manifest.js';
import { placeWords, sourceOf } from '../copy/source.js';
import { type Deps, report, storeOf } from '../deps.js';
import { type HashedFolder, folderAtSource, folderInContainer } from './hashed-folder.js';
import type { PreparationRequest } from './prepare.js';
import { verifyFiles } from './verify-files.js';

/** A folder of a dataset as it lies now. */
export interface VerifiedFolder {
  /** In words: container and folder, or where else it lies. */
  readonly where: string;
  readonly files: number;
  readonly bytes: number;
  /** One sentence for each file that is not as its manifest says. */
  readonly bad: readonly string[];
}

/** A dataset where it was made, and the copy that runs train on. */
export interface VerifiedData extends Omit<VerifiedFolder, 'where'> {
  readonly folder: string;
  readonly contentId: string;
  /** Null where there is no copy (yet); absent in answers of older releases. */
  readonly copy?: VerifiedFolder | null;
}

export const verificationActivities = (deps: Deps) => ({
  /** Hashes every file that a dataset's manifest names, at its source and in the workspace's container, and names each that holds something else. */
  async verifyData(request: PreparationRequest & { folder: string }): Promise<VerifiedData> {
    const { place, data, folder } = request;
    const signal = cancellationSignal();
    const source = sourceOf(deps, place, data);
    const found = await readManifest(source, folder, placeWords(data, folder), signal);
    const { manifest } = found;
    const { contentId } = manifest;
    const isItsOwn = manifestProblem(found.text);
    const progress = { files: 0, bytes: 0 };
    const tell = (bytes: number): void => {
      Object.assign(progress, { files: progress.files + 1, bytes: progress.bytes + bytes });
      report({ activity: 'verify', ...progress });
    };
    const there = await verifyFiles(manifest, folderAtSource(source, folder, signal), tell);
    const target = folderInContainer(storeOf(deps, place), datasetFolder(data.name, contentId), signal);
    const copy = await verifyCopy(found, target, tell);
    return { folder, contentId, ...there, bad: [...isItsOwn, ...there.bad], copy };
  },
});

/** A manifest that somebody changed names hashes of his own. */
function manifestProblem(text: string): string[] {
  try {
    parseManifest(text, manifestFile);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

async function verifyCopy(
  source: FoundManifest & { readonly manifest: DatasetManifest },
  copy: HashedFolder & { readonly where: string },
  tell: (bytes: number) => void,
): Promise<VerifiedFolder | null> {
  const text = await copy.text(manifestFile);
  if (text === null) return null;
  const isAnother = text !== source.text;
  const verified = await verifyFiles(source.manifest, copy, tell);
  const bad = isAnother ? [`${manifestFile} is not the one of the source`, ...verified.bad] : verified.bad;
  return { where: copy.where, ...verified, bad };
}
