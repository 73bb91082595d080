import { writeJson } from '../files/files.js';
import { readDone } from './done.js';
import { pairsStage, type PairsDone } from './pairs.js';
import { setName, splits, type Plan, type SplitName } from './plan.js';
import { inOrder, type Workshop } from './workshop.js';

/** Shards of one set and split that are made together: samples of consecutive ranks in the order of their keys. */
export interface Group {
  /** Place of the set among `sequenceLengths`. */
  readonly set: number;
  readonly split: SplitName;
  readonly firstShard: number;
  /** Buckets that hold the samples, `endBucket` not included. */
  readonly firstBucket: number;
  readonly endBucket: number;
  /** Samples of the first bucket that belong to the shards before. */
  readonly passOver: number;
  readonly samples: number;
}

export interface LayoutDone {
  readonly groups: number;
}

export const groupsFile = 'layout/groups.json';

/** Says which samples each shard takes: every one `samplesPerShard`, the last of a split what is left, whatever fell in which bucket. */
export async function layOut(plan: Plan, shop: Workshop): Promise<LayoutDone> {
  const { options, pieces } = plan;
  const groups: Group[] = [];
  for (const [set, length] of options.sequenceLengths.entries()) {
    const done = await inOrder(pieces.length, 8, (piece) => readDone<PairsDone>(shop.work, pairsStage(length), piece));
    for (const split of splits) {
      const counts = (done[0] as PairsDone)[split].counts.map((_, bucket) =>
        done.reduce((sum, one) => sum + (one[split].counts[bucket] as number), 0),
      );
      const bytes = done.reduce((sum, one) => sum + one[split].file.bytes, 0);
      groups.push(...groupsOf(counts, bytes, plan).map((group) => ({ set, split, ...group })));
    }
  }
  await writeJson(shop.work, groupsFile, groups);
  return { groups: groups.length };
}

/** @param counts samples in each bucket @param bytes of all of them */
export function groupsOf(
  counts: readonly number[],
  bytes: number,
  { options, sizes }: Pick<Plan, 'options' | 'sizes'>,
): Omit<Group, 'set' | 'split'>[] {
  const { samplesPerShard } = options;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shardBytes = (bytes / Math.max(1, total)) * samplesPerShard;
  const shardsAtOnce = Math.max(1, Math.floor(sizes.groupBytes / Math.max(1, shardBytes)));
  const groups: Omit<Group, 'set' | 'split'>[] = [];
  let [bucket, before] = [0, 0];
  for (let first = 0; first < total; first += shardsAtOnce * samplesPerShard) {
    const samples = Math.min(shardsAtOnce * samplesPerShard, total - first);
    while (before + (counts[bucket] as number) <= first) before += counts[bucket++] as number;
    let [endBucket, reached] = [bucket, before];
    while (reached < first + samples) reached += counts[endBucket++] as number;
    const firstShard = first / samplesPerShard;
    groups.push({ firstShard, firstBucket: bucket, endBucket, passOver: first - before, samples });
  }
  return groups;
}

/** Name of set and split, as in the paths of shards. */
export function splitPath({ set, split }: Pick<Group, 'set' | 'split'>, { options }: Plan): string {
  return `${setName(options.sequenceLengths[set] as number)}/${split}`;
}
