import { z } from 'zod';

import { blob, job } from './selectors.js';
import { chance, consistent, oneOfKinds, window } from './window.js';

const whom = { job, blob: blob.default('**'), ...window, ...chance };

const torn = z.strictObject({
  kind: z.literal('torn').describe('Only the first part of the file becomes visible under its name.'),
  keep: z.number().min(0).max(1).default(0.5).describe('How much of it, as a share of its bytes.'),
  seconds: z
    .number()
    .positive()
    .optional()
    .describe('Seconds until the whole of it is visible, divided by --speed; never unless given.'),
  ...whom,
});

const truncated = z.strictObject({
  kind: z.literal('truncated').describe('The file ends early, for good.'),
  bytes: z.number().int().min(0).default(0).describe('How many bytes of it are kept; 0: an empty file.'),
  ...whom,
});

const bitFlipped = z.strictObject({
  kind: z.literal('bitFlipped').describe('One bit of the file, drawn by chance, is the other one.'),
  ...whom,
});

const delayed = z.strictObject({
  kind: z.literal('delayed').describe('The file becomes visible later; others do not wait for it.'),
  seconds: z.number().positive().describe('How much later, in seconds, divided by --speed.'),
  ...whom,
});

const outOfOrder = z.strictObject({
  kind: z.literal('outOfOrder').describe('The file becomes visible only when a later one has.'),
  behind: z
    .string()
    .min(1)
    .default('**')
    .describe('The later one, relative to the folder of the output, with * and **: any other file unless given.'),
  ...whom,
});

/** What files of mounted outputs meet on their way to Blob storage. */
export const storage = z
  .discriminatedUnion(
    'kind',
    [torn, truncated, bitFlipped, delayed, outOfOrder],
    oneOfKinds('torn', 'truncated', 'bitFlipped', 'delayed', 'outOfOrder'),
  )
  .superRefine(consistent);

export type StorageFault = z.infer<typeof storage>;
