import { join } from 'node:path';
import { prepareDataset, type DatasetManifest } from '../../corpus/prepare.js';
import { proseDump, writeDump } from './fixture.js';

/** Options for the small dumps of the tests. */
export const options = { vocabulary: { trainSize: 200 }, heldOutShare: 0.2, samplesPerShard: 100, seed: 7 };

/** Prepares a dump of 60 pages of prose in `folder`. */
export async function prepareIn(
  folder: string,
  out = 'out',
  extra: object = {},
): Promise<{ dir: string; manifest: DatasetManifest }> {
  const dump = await writeDump(folder, proseDump(60));
  const dir = join(folder, out);
  return {
    dir,
    manifest: await prepareDataset({ dump, outDir: dir, name: 'test', options: { ...options, ...extra } }),
  };
}
