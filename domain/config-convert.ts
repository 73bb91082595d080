import { z } from 'zod';

const blobFolder = z.string().regex(/^[^/].*[^/]$/, 'a folder is named without a "/" before or behind it');

/** How the old recipe's own shards become the data of a run. */
export const convert = z.strictObject({
  source: z
    .strictObject({
      account: z.string().min(3).describe('Storage account of the .bin files.'),
      container: z.string().min(3).describe('Container of the .bin files.'),
      prefix: blobFolder
        .optional()
        .describe('Folder in it that `train` and `heldOut` are below, for example bert_data.'),
    })
    .describe('Where the .bin files are read from; they stay as they are.'),
  train: blobFolder
    .default('512/wiki_pretrain')
    .describe('Folder of the .bin files to train on; others in it are passed over.'),
  heldOut: blobFolder.default('validation_512_only').describe('Folder of the .bin files for evaluation.'),
  vocabulary: z
    .string()
    .min(1)
    .describe(
      'The vocab.txt that the files were made with, a path on the data worker relative to the installation; for the published ones that of bert-large-uncased.',
    ),
  sequenceLength: z
    .int()
    .min(8)
    .max(4096)
    .default(512)
    .describe('Length of the set, special tokens included; a longer sample is refused.'),
  samplesPerShard: z.int().min(1).max(1_000_000).default(10_000).describe('Most samples one shard file holds.'),
  maskProbability: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.15)
    .describe('Share of the tokens of a held-out sample that are masked once and for all.'),
  seed: z.int().min(0).default(42).describe('Seed of these masks; nothing else in a conversion is random.'),
});
