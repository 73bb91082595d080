import type { PreparationRequest, PreparedData } from '../activities/preparation/prepare.js';
import { dataWork } from './proxies.js';

/** More than the workers of a large pool have room for; the rest waits here instead of in the task queue. */
const filesAtOnce = 64;

/** Converts the shards of the old recipe: each file alone, so that a retry repeats one file and more workers are faster. */
export async function convertShards({ place, data }: PreparationRequest): Promise<PreparedData> {
  const { folder, files } = await dataWork.planConversion({ place, data });
  await eachOf(files, (index) => dataWork.convertFile({ place, data, folder, index }));
  return dataWork.assembleConverted({ place, data, folder });
}

/** Works on 0, 1, ... up to `count`, a bounded number at once; begins none behind the first failure, which is thrown. */
async function eachOf(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const goOn = async () => {
    while (next < count) {
      await work(next++).catch((failure: unknown) => {
        next = count;
        throw failure;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, filesAtOnce) }, goOn));
}
