import { z } from 'zod';

import { FACE_NAMES, TAKING_FACES } from '../../faces/faces.js';
import { cluster } from './selectors.js';
import { consistent, oneOfKinds, window } from './window.js';

const warning = z
  .number()
  .min(0)
  .optional()
  .describe('Seconds between SIGTERM to the processes on the node and its end, divided by --speed; none unless given.');
const backAfter = z
  .number()
  .min(0)
  .optional()
  .describe(
    'Seconds until the cluster gets machines again (at once unless given); with face notResponding, until the node answers again (60 unless given).',
  );

/** One eviction: which node of a job is taken away and how that shows. */
export const eviction = z.strictObject({
  node: z
    .union([z.number().int().min(0), z.literal('all')], { error: 'must be a number from 0, or "all"' })
    .optional()
    .describe('Which node of the job, from 0, or "all"; the last one unless given.'),
  face: z.enum(FACE_NAMES).default('failed').describe('How the preemption shows itself.'),
  warning,
  backAfter,
});

const mixed = 'How each preemption shows itself; mixed draws one of those that take the node away.';

const random = z.strictObject({
  kind: z.literal('random').describe('Every node of the clusters lives as long as chance has it.'),
  cluster,
  meanSecondsPerNode: z
    .number()
    .positive()
    .describe('Mean life of a node in seconds, divided by --speed; lives are exponential, drawn node by node.'),
  face: z
    .enum(['mixed', ...FACE_NAMES])
    .default('mixed')
    .describe(mixed),
  warning,
  backAfter,
  ...window,
});

const trace = z.strictObject({
  kind: z.literal('trace').describe('A recorded series says how many nodes each cluster may have; those beyond go.'),
  cluster,
  file: z
    .string()
    .min(1)
    .describe('JSON with gapSeconds, available[] and maxNodes; relative to the scenario. It begins anew at its end.'),
  offset: z.number().min(0).default(0).describe('Seconds into the series at which it begins.'),
  scale: z.number().positive().default(1).describe('What counts of nodes are multiplied by; fractions are cut off.'),
  face: z
    .enum(['mixed', ...TAKING_FACES])
    .default('mixed')
    .describe(mixed),
  warning,
  ...window,
});

/** Evictions in the background. */
export const backgroundEviction = z
  .discriminatedUnion('kind', [random, trace], oneOfKinds('random', 'trace'))
  .superRefine(consistent);

export type Eviction = z.infer<typeof eviction>;
export type RandomEvictions = z.infer<typeof random>;
export type TraceEvictions = z.infer<typeof trace>;
export type BackgroundEviction = z.infer<typeof backgroundEviction>;
