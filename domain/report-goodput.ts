import { z } from 'zod';
import { bucketNames } from './goodput/buckets.js';

const names = `One of ${bucketNames.join(', ')}.`;

/** Seconds by bucket, those that have any. */
export const bucketSeconds = z.record(z.string(), z.number());

const share = z.object({
  bucket: z.string().describe(names),
  seconds: z.number().describe('Seconds of wall time in it.'),
  owner: z.string().describe('Who could make it shorter: training, trainer, supervisor, azure or person.'),
  nodeSeconds: z.number().describe('Nodes x seconds that were paid for meanwhile.'),
  price: z.number().nullable().describe('What those cost; null where no price is known.'),
});

const bucket = share.extend({
  share: z.number().describe('Its part of the wall time, 0 to 1.'),
  mlGoodput: z.string().describe('Its name in AI-Hypercomputer/ml-goodput-measurement; TOTAL for useful time.'),
  sentence: z.string().describe('What lies in it.'),
});

const interruption = z.object({
  at: z.string().describe('When the last useful second before it was over, UTC.'),
  until: z.string().describe('When training got beyond where it had been, or the run ended; UTC.'),
  job: z.string().describe('The attempt that was interrupted.'),
  ending: z.string().describe('How that attempt ended; `restarted-in-place` where Azure went on with the same job.'),
  further: z.array(z.string()).describe('Attempts that came to nothing meanwhile.'),
  seconds: z.number().describe('All that it cost.'),
  price: z.number().nullable().describe('What the nodes of those seconds cost; null where no price is known.'),
  lost: z.array(share).describe('The same, by bucket.'),
});

const saving = z.object({
  dedicatedPricePerNodeHour: z.number().describe('List price of a dedicated node and hour.'),
  dedicated: z
    .number()
    .describe(
      'What the useful node-seconds alone would have cost on dedicated nodes: no boot, no checkpoint, no wait.',
    ),
  paid: z.number().describe('What was paid, for every second.'),
  saved: z.number().describe('The difference, a lower bound; below 0 where dedicated nodes would have been cheaper.'),
});

export const goodput = z
  .object({
    share: z.number().describe('Useful seconds / wall time, 0 to 1.'),
    buckets: z.array(bucket).describe('Every second of the run, each in one bucket; they sum to the wall time.'),
    interruptions: z.array(interruption).describe('What each interruption cost, oldest first.'),
    interruptionsLeftOut: z.number().describe('Others, which cost less.'),
    saving: saving.nullable().describe('Against dedicated nodes; null where a price is not known.'),
  })
  // Reports of earlier releases do not have it.
  .nullable()
  .default(null)
  .describe('Where every second and its price went.');

export type GoodputReport = NonNullable<z.output<typeof goodput>>;
export type BucketReport = GoodputReport['buckets'][number];
export type InterruptionReport = GoodputReport['interruptions'][number];
