import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CorpusError } from './error.js';

export const manifestFile = 'manifest.json';

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const BlocksSchema = z.strictObject({
  bytes: z.int().min(1).describe('Length of every block but the last, which may be shorter.'),
  md5: z.array(z.string().regex(/^[0-9a-f]{32}$/)),
});

const ShardSchema = z.strictObject({
  file: z.string(),
  samples: count,
  tokens: count,
  bytes: count,
  sha256,
  blocks: BlocksSchema.optional().describe(
    'Hashes that a storage service can compare while it copies; absent in datasets of preparer 1.',
  ),
  randomNextRatio: z.number().min(0).max(1).optional(),
  lengths: z
    .array(count)
    .optional()
    .describe('Bin n holds how many samples have 8n + 1 to 8n + 8 tokens, [CLS] and [SEP] included.'),
});

const SplitSchema = z.strictObject({
  samples: count,
  tokens: count.describe('Text tokens, without [CLS] and [SEP].'),
  randomNextRatio: z.number().min(0).max(1),
  shards: z.array(ShardSchema),
});

const SetSchema = z.strictObject({
  name: z.string(),
  sequenceLength: z.int().min(8),
  train: SplitSchema,
  heldout: SplitSchema,
});

/** `manifest.json` of a dataset folder; see "Dataset" in docs/payload-contract.md. */
export const DatasetManifestSchema = z.strictObject({
  format: z.literal('bertha-dataset/1'),
  name: z.string().min(1),
  contentId: z.string().regex(/^[0-9a-f]{16}$/),
  createdFrom: z.record(z.string(), z.json()),
  vocabulary: z.strictObject({
    file: z.string(),
    size: z.int().min(1),
    sha256,
    special: z.strictObject({ pad: count, unk: count, cls: count, sep: count, mask: count }),
  }),
  sets: z.array(SetSchema),
  pages: z.strictObject({ in: count, out: count, skipped: z.record(z.string(), count) }),
  unicodeVersion: z.string(),
});

export type DatasetManifest = z.infer<typeof DatasetManifestSchema>;
export type Split = z.infer<typeof SplitSchema>;
export type Shard = z.infer<typeof ShardSchema>;

/**
 * Reads and checks `manifest.json` of a dataset folder.
 * @throws CorpusError when it is absent, is not JSON, does not follow the contract or does not carry its own content id.
 */
export async function readManifest(dir: string): Promise<DatasetManifest> {
  const file = join(dir, manifestFile);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CorpusError(`There is no dataset in ${dir}: ${file} cannot be read; prepare it first.`, { cause });
  });
  return parseManifest(text, file);
}

/** Checks the text of a `manifest.json`. @param file what messages call it @throws CorpusError as `readManifest` does */
export function parseManifest(text: string, file: string): DatasetManifest {
  const parsed = DatasetManifestSchema.safeParse(parseJson(text, file));
  if (!parsed.success) {
    throw new CorpusError(`${file} is not a dataset manifest: ${z.prettifyError(parsed.error)}`);
  }
  const expected = contentIdOf(parsed.data);
  if (parsed.data.contentId !== expected) {
    throw new CorpusError(
      `${file} was changed after it was written: it names content ${parsed.data.contentId} but describes ${expected}; prepare or copy it again.`,
    );
  }
  return parsed.data;
}

/**
 * The identity of what a dataset holds: the first 16 hex digits of the sha256 over its manifest with keys sorted,
 * without `contentId` itself and without `name`, which is only what people call it.
 */
export function contentIdOf(manifest: Omit<DatasetManifest, 'contentId' | 'name'>): string {
  const { format, createdFrom, vocabulary, sets, pages, unicodeVersion } = manifest;
  const parts = { format, createdFrom, vocabulary, sets, pages, unicodeVersion };
  return createHash('sha256').update(canonicalJson(parts)).digest('hex').slice(0, 16);
}

/** JSON with the keys of every object sorted and no white space, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    const isObject = typeof part === 'object' && part !== null && !Array.isArray(part);
    return isObject ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CorpusError(`${file} is not JSON; prepare or copy the dataset again.`, { cause });
  }
}
