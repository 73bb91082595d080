import { z } from 'zod';

import { cluster, priority, vmSize } from './selectors.js';
import { consistent, oneOfKinds, window } from './window.js';

const nodes = z.strictObject({
  kind: z.literal('nodes').describe('A cluster gets no further nodes beyond a number; those that it has stay.'),
  cluster,
  vmSize,
  priority: priority.optional().describe('Only clusters of this priority; both unless given.'),
  nodes: z.number().int().min(0).describe('How many nodes each cluster may have; 0: none.'),
  ...window,
});

const quota = z.strictObject({
  kind: z.literal('quota').describe('A quota is lower than usual, in usages, in quotas and for clusters.'),
  pool: z
    .string()
    .min(1)
    .describe('name.value of its row of usages: TotalLowPriorityCores, TotalDedicatedCores, or a family of sizes.'),
  cores: z.number().int().min(0).describe('The limit in cores.'),
  ...window,
});

const refused = z.strictObject({
  kind: z
    .literal('refused')
    .describe('A size is not given out: its clusters are Succeeded, with UnsupportedVMSizeForLowPriority inside.'),
  vmSize,
  priority: priority.default('LowPriority').describe('For clusters of this priority.'),
  ...window,
});

const error = z.strictObject({
  kind: z.literal('error').describe('A cluster has an error inside while its state stays Succeeded.'),
  cluster,
  code: z.string().min(1).describe('Such as DiskFull, OutOfCapacity, ClusterCoreQuotaReached.'),
  message: z.string().optional().describe('Its text; the recorded one of a known code unless given.'),
  ...window,
});

/** What clusters may have. */
export const capacity = z
  .discriminatedUnion('kind', [nodes, quota, refused, error], oneOfKinds('nodes', 'quota', 'refused', 'error'))
  .superRefine(consistent);

export type CapacityItem = z.infer<typeof capacity>;
