import { type ClusterConfig, clustersOf } from '../clusters.js';
import type { RunConfig } from '../config.js';
import type { JobEnding } from '../endings/names.js';
import { nextStep } from '../endings/next-step.js';
import { type DeadlineRules, type Standing, isDue, slackOf, standingOf } from './standing.js';
import { standingWords } from './words.js';

/** What the choice of a cluster goes by, before a submission. */
export interface ClusterFacts {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Null where there is no deadline, or nowhere to go for it. */
  readonly deadline: DeadlineRules | null;
  /** Cluster of the attempt before; null before the first one. */
  readonly before: string | null;
  /** Refusals for want of capacity in a row. */
  readonly capacityWaits: number;
}

export interface ClusterChoice {
  readonly cluster: ClusterConfig;
  /** Why it is another one than before, in words; null where it is not. */
  readonly because: string | null;
}

/**
 * Where the next job goes. Preemptible nodes as long as they may lose all that they do from now on and the deadline is kept all the same;
 * dedicated ones from then on. After a refusal for want of capacity the next cluster in the config's order is tried.
 */
export function clusterFor(config: RunConfig, facts: ClusterFacts): ClusterChoice {
  const all = clustersOf(config);
  const { deadline, before, capacityWaits } = facts;
  const standing = deadline === null ? null : standingOf(deadline, null, null, facts.now);
  const wasDedicated = all.some(({ name, priority }) => name === before && priority === 'dedicated');
  const isForDeadline = standing !== null && deadline !== null && mustBeDedicated(standing, deadline, wasDedicated);
  const dedicated = all.filter(({ priority }) => priority === 'dedicated');
  const cheap = standing === null ? all : all.filter((one, index) => index === 0 || one.priority === 'low_priority');
  const candidates = isForDeadline ? dedicated : cheap;
  const cluster = candidates[capacityWaits % candidates.length] ?? all[0];
  const isFirst = before === null && cluster.name === all[0].name;
  if (cluster.name === before || isFirst) return { cluster, because: null };
  return { cluster, because: reasonOf(cluster, standing, { isForDeadline, capacityWaits }) };
}

/** A run that has moved stays, unless it could move once more and still be in time: to and fro it would pay for starts alone. */
function mustBeDedicated(standing: Standing, { overheadSeconds }: DeadlineRules, wasDedicated: boolean): boolean {
  return isDue(standing) || (wasDedicated && slackOf(standing) < 2 * overheadSeconds);
}

function reasonOf(
  { name, priority }: ClusterConfig,
  standing: Standing | null,
  { isForDeadline, capacityWaits }: { isForDeadline: boolean; capacityWaits: number },
): string {
  const where = `${priority === 'dedicated' ? 'dedicated' : 'low-priority'} nodes (cluster ${name})`;
  if (isForDeadline && standing !== null) return `moved to ${where}: ${standingWords(standing)}`;
  if (capacityWaits > 0)
    return `the next attempt goes to ${where}: ${capacityWaits} in a row were refused for want of capacity`;
  return standing === null ? `back to ${where}` : `back to ${where}: ${standingWords(standing)}`;
}

/**
 * When a hold ends by itself, epoch milliseconds: what preemptible nodes were refused for, dedicated ones need not be. Null: a person ends it.
 * @param ending of the attempt that is held for @param on the cluster that it was on
 */
export function holdUntil(
  ending: JobEnding,
  on: Pick<ClusterConfig, 'priority'>,
  deadline: DeadlineRules | null,
  now: number,
): number | null {
  if (deadline === null || on.priority === 'dedicated' || nextStep[ending] !== 'hold') return null;
  return now + Math.ceil(Math.max(0, slackOf(standingOf(deadline, null, null, now))) * 1_000);
}

/** The pause before the next submission, cut so that the run is not asleep when it must move. Seconds. */
export function pauseWithin(waitSeconds: number, deadline: DeadlineRules | null, now: number): number {
  if (deadline === null || waitSeconds <= 0) return waitSeconds;
  const slack = slackOf(standingOf(deadline, null, null, now));
  return slack <= 0 ? waitSeconds : Math.min(waitSeconds, slack);
}
