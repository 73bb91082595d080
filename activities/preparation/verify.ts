import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { manifestFile, parseManifest } from '../../corpus/manifest.js';
import { inOrder } from '../../corpus/stages/workshop.js';
import { type Deps, report } from '../deps.js';
import type { PreparationRequest } from './prepare.js';
import { sourceContainer } from '../copy/source.js';

/** A dataset as it lies now. */
export interface VerifiedData {
  readonly folder: string;
  readonly contentId: string;
  readonly files: number;
  readonly bytes: number;
  /** One sentence for each file that is not as its manifest says. */
  readonly bad: readonly string[];
}

const AT_ONCE = 4;

export const verificationActivities = (deps: Deps) => ({
  /** Hashes every file that a dataset's manifest names, and names each that holds something else. */
  async verifyData(request: PreparationRequest & { folder: string }): Promise<VerifiedData> {
    const { folder } = request;
    const container = sourceContainer(deps, request.place, request.data);
    const signal = cancellationSignal();
    const text = await container.text(`${folder}/${manifestFile}`, signal);
    if (text === null) {
      const message = `${container.name}/${folder} holds no ${manifestFile}: no dataset is there, or not all of it`;
      throw ApplicationFailure.nonRetryable(message, 'NoDataset');
    }
    const { contentId, vocabulary, sets } = parseManifest(text, `${folder}/${manifestFile}`);
    const shards = sets.flatMap(({ train, heldout }) => [...train.shards, ...heldout.shards]);
    const files = [{ file: vocabulary.file, sha256: vocabulary.sha256 }, ...shards];
    let done = 0;
    let bytes = 0;
    const found = await inOrder(files.length, AT_ONCE, async (index) => {
      const { file = '', sha256 = '' } = files[index] ?? {};
      const there = await container.info(`${folder}/${file}`);
      const is = there === null ? null : await container.sha256(`${folder}/${file}`, { signal });
      bytes += is?.bytes ?? 0;
      report({ activity: 'verify', files: ++done, of: files.length, bytes });
      if (is === null) return `${file} is missing`;
      return is.sha256 === sha256 ? null : `${file} holds other bytes than its manifest says (${is.bytes} of them)`;
    });
    return { folder, contentId, files: files.length, bytes, bad: found.filter((problem) => problem !== null) };
  },
});
