import { z } from 'zod';
import { InputOptionsSchema } from './input/options.js';

const headings = [
  'See also',
  'References',
  'Notes',
  'Notes and references',
  'References and notes',
  'Footnotes',
  'Citations',
  'Sources',
  'Bibliography',
  'Works cited',
  'Further reading',
  'External links',
  'Gallery',
  'Discography',
  'Filmography',
];

/** Every parameter of a preparation. All but `vocabulary.file` enter the dataset's content id; of a file its hash does. */
export const PrepareOptionsSchema = z.strictObject({
  input: InputOptionsSchema.prefault({}).describe('How the dump or text is read.'),
  vocabulary: z
    .union([
      z.strictObject({
        trainSize: z.int().min(64).max(65_536).describe('Number of entries to train, special tokens included.'),
      }),
      z.strictObject({ file: z.string().min(1).describe('Path of a vocab.txt, one piece a line, line number = id.') }),
    ])
    .default({ trainSize: 2048 })
    .describe('The WordPiece vocabulary: trained from the training pages of this dump, or read from a file.'),
  lowercase: z.boolean().default(true).describe('Lower-case and strip accents, as the uncased BERT models do.'),
  maxWordLength: z
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('A word of more characters becomes [UNK]; google-research/bert has 200, most other code 100.'),
  language: z.string().min(2).default('en').describe('BCP 47 language of the text, for splitting it into sentences.'),
  namespaces: z
    .array(z.int())
    .min(1)
    .default([0])
    .describe('Wiki namespaces whose pages are kept; 0 holds the articles.'),
  keepDisambiguation: z.boolean().default(false).describe('Keep disambiguation pages, which are lists of links.'),
  nearDuplicates: z
    .strictObject({
      likeness: z
        .number()
        .min(0.5)
        .max(1)
        .default(0.8)
        .describe(
          'Share of the runs of five words of both that two pages have in common, from which on they are alike.',
        ),
    })
    .optional()
    .describe(
      'Leave out pages that are nearly the same as another: of each group of pages that are alike the one with the lowest id stays. Absent: all stay. Takes 100 bytes of memory a page on one worker, for nine million pages at most.',
    ),
  dropSections: z
    .array(z.string())
    .default(headings)
    .describe('Headings (any case) whose sections, lists of citations and links mostly, are left out.'),
  minSentenceWords: z.int().min(1).default(3).describe('A sentence of fewer words is left out.'),
  minPageSentences: z
    .int()
    .min(2)
    .default(2)
    .describe('A page of fewer sentences is skipped as too short: one sentence has no next one.'),
  sequenceLengths: z
    .array(z.int().min(8).max(4096))
    .min(1)
    .refine((lengths) => new Set(lengths).size === lengths.length, 'each sequence length may be named once')
    .default([32, 64])
    .describe('Lengths to make sets for, special tokens included; all from one pass over the text.'),
  dupeFactor: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('How often the training pages are paired anew, each time with other cuts and other random sentences.'),
  shortSequenceProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share of page passes that aim at shorter samples, so that a model also meets short input.'),
  heldOutShare: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.08)
    .describe('Share of whole pages, chosen by a hash of the page id, that are kept out of training for evaluation.'),
  maskProbability: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.15)
    .describe('Share of the tokens of a held-out sample that are masked once and for all.'),
  samplesPerShard: z.int().min(1).max(1_000_000).default(10_000).describe('Most samples one shard file holds.'),
  seed: z.int().min(0).default(42).describe('Seed of every random choice; the same seed gives the same bytes.'),
});

/** Options as a caller writes them: everything has a default. */
export type PrepareOptions = z.input<typeof PrepareOptionsSchema>;
/** Options with every default filled in. */
export type Preparation = z.output<typeof PrepareOptionsSchema>;
