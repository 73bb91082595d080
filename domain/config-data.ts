import { z } from 'zod';
import { convert } from './config-convert.js';
import { json, name, secretName } from './config-words.js';

const source = z
  .strictObject({
    account: z.string().min(3).optional().describe('Storage account of the prepared shards.'),
    container: z.string().min(3).optional().describe('Container of the prepared shards.'),
    folder: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Instead of account and container: local folder of a dataset that is prepared, on the data worker, relative to the installation.',
      ),
    url: z
      .url({ protocol: /^https$/ })
      .optional()
      .describe('Instead of account and container: HTTPS address of the folder of a dataset that is prepared.'),
    prefix: z
      .string()
      .optional()
      .describe(
        'Folder in the container of a dataset that is already prepared (it holds manifest.json); absent where `prepare` or `convert` makes it.',
      ),
    access: z
      .enum(['delegation', 'identity', 'public'])
      .optional()
      .describe(
        "How the destination's service reads the container: by signatures that the worker makes with its identity and renews (delegation, the default), by a token of that identity, or without any credential.",
      ),
    sasEnv: secretName('SAS')
      .optional()
      .describe(
        'Instead of access: name of the environment variable of the workers that holds a SAS of the container (read, list). NAME_FILE names a file that is read anew whenever the SAS is needed.',
      ),
  })
  .refine((s) => (s.account === undefined) === (s.container === undefined), {
    message: 'say both account and container of the source, or neither',
  })
  .refine((s) => [s.account, s.folder, s.url].filter((one) => one !== undefined).length === 1, {
    message: 'say one of: account and container, folder, url',
  })
  .refine((s) => s.account !== undefined || [s.prefix, s.access, s.sasEnv].every((one) => one === undefined), {
    message: 'prefix, access and sasEnv belong to a source of account and container',
  })
  .refine((s) => s.access === undefined || s.sasEnv === undefined, { message: 'say either access or sasEnv' })
  .describe('Where prepared shards come from; they are copied block by block, each verified by hash.');

/** The section of the run config that says what is trained on. */
export const data = z
  .strictObject({
    name: name('a dataset name').describe('Name of the dataset; its folder is data/<name>/<content id>/.'),
    source,
    prepare: z
      .strictObject({
        dump: z
          .string()
          .min(1)
          .describe(
            'Wikipedia dump (.xml.bz2, .xml), plain text or JSON lines, packed with gzip or not: a path on the data workers relative to the installation, an https address, or blob:account/container/path.',
          ),
        index: z
          .string()
          .min(1)
          .optional()
          .describe(
            'Index of a multistream dump (...-multistream-index.txt.bz2), named as the dump is: pieces start where streams do, and the pages of each are counted against it.',
          ),
        options: json.describe(
          'Parameters of the preparation, see docs/config.md (vocabulary, sequence lengths, held-out share, ...).',
        ),
      })
      .optional()
      .describe('Make the shards from a dump first; absent where they exist.'),
    convert: convert
      .optional()
      .describe("Make the shards from the old recipe's own first (.bin pickles); absent where they exist."),
  })
  .refine((d) => [d.prepare, d.convert, preparedFolder(d)].filter((way) => way !== undefined).length === 1, {
    message:
      'say either data.prepare (make shards from a dump), data.convert (make them from .bin files of the old recipe) or data.source.prefix (use shards that exist), one of them alone',
  })
  .describe('What is trained on.');

/** Folder in the source of a dataset that is prepared already; undefined where `prepare` or `convert` makes it. */
export function preparedFolder(data: {
  readonly source: {
    readonly prefix?: string | undefined;
    readonly folder?: string | undefined;
    readonly url?: string | undefined;
  };
}): string | undefined {
  const { prefix, folder, url } = data.source;
  return folder === undefined && url === undefined ? prefix : '';
}
