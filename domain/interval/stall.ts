/** Before a checkpoint was measured: a snapshot of a BERT-large with its optimizer (4 GB) to memory and disk, written behind the training. */
const PRIOR_SECONDS = 5;
/** One measurement says as much as the prior. */
const PRIOR_WEIGHT = 1;
/** A stall beyond so many medians (a storage that hung for a minute) says nothing about the next one. */
const BEYOND_MEDIANS = 3;

/**
 * Training that a checkpoint costs, from those measured: the mean, for every second counts, with odd ones cut to three medians.
 * @param measured seconds, in any order; those of the last few dozen checkpoints are enough
 */
export function stallSeconds(measured: readonly number[]): number {
  const sorted = measured.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) return PRIOR_SECONDS;
  const cut = sorted.map((seconds) => Math.min(seconds, BEYOND_MEDIANS * median));
  const sum = cut.reduce((total, seconds) => total + seconds, PRIOR_WEIGHT * PRIOR_SECONDS);
  return sum / (cut.length + PRIOR_WEIGHT);
}
