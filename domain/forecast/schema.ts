import { z } from 'zod';

/** @param what what is guessed, its unit included */
const range = (what: string) =>
  z
    .object({
      best: z.number().describe('Shortest or cheapest case.'),
      typical: z.number().describe('What is expected.'),
      worst: z.number().describe('Longest or dearest case.'),
    })
    .describe(what);

const phase = z.object({
  name: z.string().describe('Name of the phase.'),
  sequenceLength: z.number().nullable().describe('Tokens of a sequence; null where the trainer names none.'),
  steps: z.number().describe('Optimizer steps.'),
  globalBatch: z.number().describe('Samples of a step.'),
  samples: z.number().describe('Samples of the phase.'),
  tokens: z.number().nullable().describe('Tokens of the phase, padding included.'),
  exaflop: z.number().nullable().describe('Operations of the phase, 10^18; null where the model is not known.'),
});

const interval = z.object({
  phase: z.string().describe('Name of the phase.'),
  seconds: z
    .number()
    .nullable()
    .describe('Training between two checkpoints by the config; null where a step has no known length.'),
  goodput: z
    .number()
    .nullable()
    .describe('Share of wall time that is kept training with it, once the run is under way.'),
  optimalSeconds: z.number().describe('The interval that loses least, exact for interruptions at a constant rate.'),
  optimalGoodput: z.number().describe('Goodput with that one: no periodic checkpoints can do better.'),
  meanSeconds: z.number().describe('Mean time between interruptions of the job, as assumed.'),
  stallSeconds: z.number().describe('Training that one checkpoint costs, as assumed.'),
  deadSeconds: z
    .number()
    .describe(
      'What an interruption costs before training goes on, beside the work since the newest checkpoint: dead time, and what was trained while that was still being written, as assumed.',
    ),
});

const quota = z.object({
  label: z.string().describe("Azure's name of the pool."),
  scope: z.string().describe('regional-low-priority, regional-dedicated or family-dedicated.'),
  family: z.string().describe('Family of sizes of a family-dedicated pool; empty else.'),
  inUse: z.number().describe('Cores in use.'),
  limit: z.number().describe('Cores allowed.'),
  left: z.number().describe('Cores left.'),
});

const option = z.object({
  sku: z.string().describe('VM size.'),
  gpu: z.string().nullable().describe('Its GPU; null for a size that is not known here.'),
  nodes: z.number().describe('Nodes of every job.'),
  gpus: z.number().describe('GPUs of all nodes, one training process each.'),
  priority: z.enum(['low_priority', 'dedicated']).describe('Tier.'),
  why: z
    .enum(['config', 'alternative', 'same GPUs', 'same peak'])
    .describe(
      'Why it is listed: the nodes of the config, one of its `cluster.alternatives`, or another way to as many GPUs or as much peak.',
    ),
  cluster: z.string().nullable().describe('Name of the cluster in the config; null for nodes that it does not name.'),
  configured: z.boolean().describe('True for the nodes and the tier of the config.'),
  problem: z
    .string()
    .nullable()
    .describe('What stands in its way (size, tier, quota); null where nothing is known to.'),
  pricePerNodeHour: z.number().nullable().describe('Price of a node and hour; null where none is known.'),
  currency: z.string().describe('Currency of price and total.'),
  priceFrom: z.enum(['config', 'retail-prices', 'vm-sizes']).nullable().describe('Where the price was read.'),
  trainingHours: range('Hours of training, were nothing ever lost.').nullable(),
  wallHours: range('Hours from the first submission to the last step.').nullable(),
  goodput: range('Training as a share of the wall time.').nullable(),
  interruptions: range('Interruptions to be expected; with low priority nearly all are preemptions.').nullable(),
  total: range('Nodes x wall hours x price: waiting is counted as paid, which it is in part only.').nullable(),
});

const assumption = z.object({
  what: z.string().describe('What is assumed.'),
  value: z.string().describe('Its value, or its range.'),
  source: z.string().describe('Where it comes from.'),
});

/** What `bertha plan` prints with --json. */
export const runForecastSchema = z.object({
  format: z.literal('bertha-plan/1').describe('Format of this object.'),
  run: z.string().describe('Name of the run.'),
  region: z
    .string()
    .nullable()
    .describe('Region of the workspace, or the one that was named; null where neither is known.'),
  phases: z.array(phase).describe('The work.'),
  intervals: z.array(interval).describe('Checkpoints on the nodes of the config, phase by phase.'),
  quota: z
    .array(quota)
    .nullable()
    .describe('Pools that the nodes of the config draw from; null where Azure did not say.'),
  options: z
    .array(option)
    .describe(
      'The nodes of the config, its alternatives in their order, its nodes in the other tier, then others by their expected total.',
    ),
  assumptions: z.array(assumption).describe('What the numbers rest on.'),
  warnings: z.array(z.string()).describe('What is wrong with the config as it is.'),
  missing: z.array(z.string()).describe('What could not be read, and what is missing for it.'),
});

export type RunForecast = z.output<typeof runForecastSchema>;
export type ForecastOption = z.output<typeof option>;
export type Assumption = z.output<typeof assumption>;
