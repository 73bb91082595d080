import { contentIdOf, manifestFile, type DatasetManifest, type Split } from '../manifest.js';
import { ratio } from '../shards/describe.js';
import { attributionFile, joinAttribution } from './attribution.js';
import { readDone } from './done.js';
import type { DuplicatesDone } from './duplicates.js';
import type { LayoutDone } from './layout.js';
import { setName, type Plan, type SplitName } from './plan.js';
import { qualityReport } from './quality.js';
import type { ShardsDone } from './shards.js';
import { lastTextStage } from './text-files.js';
import type { TextDone } from './text.js';
import type { TokensDone } from './tokens.js';
import { vocabularyFile, type VocabularyDone } from './vocabulary.js';
import { inOrder, type Workshop } from './workshop.js';

export const qualityFile = 'quality.md';

/** All files of a dataset but its shards, the manifest last. */
export const asides = [vocabularyFile, attributionFile, qualityFile, manifestFile] as const;

/** Puts together what the pieces came to: attribution, quality report, manifest last; then the intermediate files go. */
export async function finishDataset(plan: Plan, shop: Workshop): Promise<DatasetManifest> {
  const count = plan.pieces.length;
  const stage = lastTextStage(plan);
  const text = await inOrder(count, 8, (piece) => readDone<TextDone>(shop.work, stage, piece));
  const tokens = await inOrder(count, 8, (piece) => readDone<TokensDone>(shop.work, 'tokens', piece));
  const vocabulary = await readDone<VocabularyDone>(shop.work, 'vocabulary', 0);
  const { groups } = await readDone<LayoutDone>(shop.work, 'layout', 0);
  const shards = await inOrder(groups, 8, (group) => readDone<ShardsDone>(shop.work, 'shards', group));
  const parts = {
    format: 'bertha-dataset/1' as const,
    createdFrom: plan.createdFrom as DatasetManifest['createdFrom'],
    vocabulary: {
      file: vocabularyFile,
      size: vocabulary.size,
      sha256: vocabulary.sha256,
      special: { ...vocabulary.special },
    },
    sets: plan.options.sequenceLengths.map((sequenceLength, set) => ({
      name: setName(sequenceLength),
      sequenceLength,
      train: splitOf(shards, set, 'train'),
      heldout: splitOf(shards, set, 'heldout'),
    })),
    pages: pagesOf(text),
    unicodeVersion: process.versions['unicode'] ?? 'unknown',
  };
  const manifest: DatasetManifest = { ...parts, name: plan.name, contentId: contentIdOf(parts) };
  const repeated = await joinAttribution(plan, manifest.pages.out, shop);
  const duplicates = stage === 'text' ? null : await readDone<DuplicatesDone>(shop.work, 'duplicates', 0);
  const report = await qualityReport(manifest, { plan, text, tokens, repeated, duplicates }, shop);
  await shop.out.write(qualityFile, Buffer.from(report));
  await shop.out.write(manifestFile, Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
  await shop.work.remove('');
  return manifest;
}

function splitOf(all: readonly ShardsDone[], set: number, split: SplitName): Split {
  const shards = all.filter((group) => group.set === set && group.split === split).flatMap((group) => group.shards);
  const samples = shards.reduce((sum, shard) => sum + shard.samples, 0);
  const random = shards.reduce((sum, shard) => sum + Math.round((shard.randomNextRatio ?? 0) * shard.samples), 0);
  const tokens = shards.reduce((sum, shard) => sum + shard.tokens, 0);
  return { samples, tokens, randomNextRatio: ratio(random, samples), shards };
}

function pagesOf(text: readonly TextDone[]): DatasetManifest['pages'] {
  const skipped: Record<string, number> = {};
  for (const { counts } of text) {
    for (const [reason, count] of Object.entries(counts.skipped)) skipped[reason] = (skipped[reason] ?? 0) + count;
  }
  const sum = (what: 'in' | 'out'): number => text.reduce((total, { counts }) => total + counts[what], 0);
  return { in: sum('in'), out: sum('out'), skipped };
}
