import type { AttemptRecord } from './attempts.js';
import { clusterNamed } from './clusters.js';
import type { RunConfig } from './config.js';
import { type PriceOf, money, secondsOf, sumsOf, total } from './goodput/sums.js';
import type { Segment } from './goodput/canvas.js';
import type { RunReport } from './report.js';

/** What the nodes of each cluster cost, in the order in which the run came to them. */
export function clusterCosts(
  config: RunConfig,
  attempts: readonly AttemptRecord[],
  segments: readonly Segment[],
  priceOf: PriceOf,
): RunReport['cost']['clusters'] {
  const clusterOf = (attempt: AttemptRecord) => clusterNamed(config, attempt.cluster);
  const inTime = attempts.toSorted((a, b) => a.submittedAt - b.submittedAt);
  const names = new Set(inTime.map((attempt) => clusterOf(attempt).name));
  return [...names].map((name) => {
    const here = attempts.filter((attempt) => clusterOf(attempt).name === name);
    const jobs = new Set(here.map(({ jobName }) => jobName));
    const { nodeMs, price } = total(
      sumsOf(
        segments.filter(({ jobName }) => jobs.has(jobName ?? '')),
        priceOf,
      ),
    );
    const { sku, priority } = clusterNamed(config, name);
    return { name, sku, priority, nodeSeconds: secondsOf(nodeMs), total: money(price) };
  });
}
