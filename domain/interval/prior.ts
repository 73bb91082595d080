/** What is believed before anything was seen, and how much of it: a Gamma distribution of the rate of interruptions. */
export interface Prior {
  /** The mean rate is one interruption in so many seconds. */
  readonly meanSeconds: number;
  /** So many interruptions would say as much (the shape). */
  readonly weight: number;
}

/**
 * Chance that a preemptible VM is evicted within an hour. Azure publishes it per size and region in bands from 0-5 % to above 20 % (for Spot;
 * low priority may differ). Taken is the upper middle: where a rate is unknown by a factor of ten its mean lies there, and in the first hours a
 * checkpoint too many costs seconds, one too few up to an hour.
 */
const EVICTED_PER_HOUR = 0.15;
/** Dedicated nodes only fail: a GPU in 8,000 hours (`domain/forecast/assumed.ts`), eight to a node. */
const FAILED_PER_HOUR = 0.001;
/** The guess counts as one interruption: the second one that is seen outweighs it. */
const WEIGHT = 1;

/**
 * Prior for a job of so many nodes: one lost node interrupts all, and nodes are taken independently of each other. Where they go together the
 * rate is lower, which is soon seen.
 */
export function priorFor(nodes: number, priority: 'low_priority' | 'dedicated' = 'low_priority'): Prior {
  const perHour = priority === 'dedicated' ? FAILED_PER_HOUR : EVICTED_PER_HOUR;
  const nodeRate = -Math.log(1 - perHour) / 3600;
  return { meanSeconds: 1 / (nodeRate * nodes), weight: WEIGHT };
}
