import type { Stage } from '../../../corpus/stages/tasks.js';

/** A write in the midst of a stage's work: what the path ends with. The files of a task are written before its marker. */
const midway = {
  text: '/text/00000.attribution',
  duplicates: '/duplicates/00000.done.json',
  distinct: '/distinct/00000.attribution',
  vocabulary: '/vocab.txt',
  tokens: '/tokens/00000.heldout.tokens',
  pool: '/pool/heldout.tokens',
  pairs: '/pairs-seq-0016/00000.heldout.samples',
  layout: '/layout/groups.json',
  shards: '/seq-0016/heldout/shard-00000.safetensors',
  finish: '/quality.md',
} satisfies Record<Stage, string>;

export const deadStages = Object.keys(midway) as Stage[];

/** Dataset whose worker dies in this stage. */
export const datasetOf = (stage: Stage): string => `dies-in-${stage}`;

/** The stage in whose midst a dataset's worker is when it writes this; undefined anywhere else. */
export function stageOfDeath(path: string): Stage | undefined {
  return deadStages.find((stage) => path.startsWith(`data/${datasetOf(stage)}/`) && path.endsWith(midway[stage]));
}
