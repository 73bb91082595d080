import type { RunConfig } from '../config.js';
import { type Range, exactly, rangeOf } from './range.js';

/**
 * Evictions of a low-priority node an hour. Azure tells eviction rates an hour in bands from 0-5 % to above 20 % (for Spot): the middle of the lowest,
 * the middle of all, and the begin of the highest. The checkpoint interval of a run begins with more than the middle, for caution (`domain/interval/prior.ts`).
 */
const EVICTIONS_PER_NODE_HOUR: Range = { best: 0.025, typical: 0.1, worst: 0.2 };

/** Failures of a GPU an hour: one in 7.9 h among 1,024 (Meta, "Revisiting Reliability in Large-Scale ML Research Clusters", arXiv 2410.21680). */
const FAILURES_PER_GPU_HOUR = 1 / (7.9 * 1024);

/** From the loss of a node to the first new step: notice, decide, submit, wait for nodes, image and mounts, restore. Seconds; a guess but for the poll. */
export const DEAD_SECONDS = {
  low_priority: { best: 180, typical: 600, worst: 1200 },
  dedicated: { best: 120, typical: 300, worst: 600 },
} as const satisfies Record<string, Range>;

/** Weights and two moments in float32. */
const STATE_BYTES_PER_PARAMETER = 12;
/** Training stands still for the copy into memory that is there already: `npm run bench -- checkpoint` measures it on a CPU; PCIe of a GPU is faster. */
const COPIED_BYTES_PER_SECOND: Range = { best: 10e9, typical: 2e9, worst: 0.5e9 };
/** The copy is hashed and written beside training. Measured with 1.32 GB on 2 CPU cores: 0.7 GB/s to serialise and hash, 0.34 with the copy. */
const WRITTEN_BYTES_PER_SECOND: Range = { best: 0.8e9, typical: 0.4e9, worst: 0.2e9 };
/** Where the size of the model is not known. */
const STALL_SECONDS: Range = { best: 1, typical: 5, worst: 20 };
const SHORTEST_STALL_SECONDS = 0.2;

/** Share of a network's bandwidth that an exchange of gradients gets, and how much of it the backward pass does not hide. */
export const NETWORK_SHARE = 0.7;
export const EXCHANGE_NOT_HIDDEN: Range = { best: 0, typical: 0.5, worst: 1 };

/** Evictions of a node an hour, as the config says or as assumed. */
export function evictionsPerNodeHour({ forecast }: Pick<RunConfig, 'forecast'>): Range {
  const said = forecast?.evictionsPerNodeHour;
  return said === undefined ? EVICTIONS_PER_NODE_HOUR : exactly(said);
}

/** Mean time between interruptions of a job that needs all its nodes, in seconds. Nodes are taken away independently of each other. */
export function meanSeconds(
  config: Pick<RunConfig, 'forecast'>,
  { priority, nodes, gpus }: { priority: 'low_priority' | 'dedicated'; nodes: number; gpus: number },
): Range {
  const evictions = priority === 'dedicated' ? exactly(0) : evictionsPerNodeHour(config);
  return rangeOf((one) => 3600 / (nodes * evictions[one] + Math.max(nodes, gpus) * FAILURES_PER_GPU_HOUR));
}

/** Training that a checkpoint costs, in seconds. @param parameters weights of the model, null where not known */
export function stallSeconds(parameters: number | null): Range {
  if (parameters === null) return STALL_SECONDS;
  const bytes = parameters * STATE_BYTES_PER_PARAMETER;
  return rangeOf((one) => Math.max(SHORTEST_STALL_SECONDS, bytes / COPIED_BYTES_PER_SECOND[one]));
}

/**
 * What an interruption costs before training goes on, in seconds: dead time, and what was trained while the newest checkpoint was still being
 * written, which has to be done again. @param parameters weights of the model, null where not known
 */
export function lostSeconds(priority: 'low_priority' | 'dedicated', parameters: number | null): Range {
  const writing = writingSeconds(parameters ?? 0);
  return rangeOf((one) => DEAD_SECONDS[priority][one] + writing[one]);
}

/** From the copy to the manifest of a checkpoint, in seconds. @param parameters weights of the model */
export function writingSeconds(parameters: number): Range {
  return rangeOf((one) => (parameters * STATE_BYTES_PER_PARAMETER) / WRITTEN_BYTES_PER_SECOND[one]);
}
