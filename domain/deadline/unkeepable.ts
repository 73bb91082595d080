import { dedicatedCluster } from '../clusters.js';
import type { RunConfig } from '../config.js';

/** Said at the start of a run whose deadline leads nowhere; null where it leads to dedicated nodes, or there is none. */
export function unkeepable(config: Pick<RunConfig, 'cluster' | 'deadline'>): string | null {
  if (config.deadline === undefined || dedicatedCluster(config) !== null) return null;
  return 'the deadline is watched by nobody: cluster.alternatives names no dedicated cluster to move to, so the run takes as long as low-priority nodes let it';
}
