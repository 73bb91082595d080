import { z } from 'zod';
import { json, name } from './config-words.js';

/** The section of the run config that says what is trained on. */
export const data = z
  .strictObject({
    name: name('a dataset name').describe('Name of the dataset; its folder is data/<name>/<content id>/.'),
    source: z
      .strictObject({
        account: z.string().min(3).describe('Storage account of the prepared shards.'),
        container: z.string().min(3).describe('Container of the prepared shards.'),
        prefix: z
          .string()
          .optional()
          .describe(
            'Folder of a dataset that is already prepared (it holds manifest.json); absent where `prepare` makes it.',
          ),
      })
      .describe('Where prepared shards come from; they are copied server-side and verified by hash.'),
    prepare: z
      .strictObject({
        dump: z
          .string()
          .min(1)
          .describe('Wikipedia dump (.xml.bz2 or .xml), a path on the data worker relative to the installation.'),
        options: json.describe(
          'Parameters of the preparation, see docs/config.md (vocabulary, sequence lengths, held-out share, ...).',
        ),
      })
      .optional()
      .describe('Make the shards from a dump first; absent where they exist.'),
  })
  .refine((d) => (d.prepare === undefined) !== (d.source.prefix === undefined), {
    message:
      'say either data.prepare (make shards from a dump) or data.source.prefix (use shards that exist), not both and not neither',
  })
  .describe('What is trained on.');
