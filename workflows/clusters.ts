import type { AttemptRecord } from '../domain/attempts.js';
import { type ClusterConfig, clusterNamed, clustersOf, dedicatedCluster } from '../domain/clusters.js';
import type { PhaseConfig } from '../domain/config.js';
import { deadlineAt } from '../domain/deadline/at.js';
import { clusterFor, holdUntil, pauseWithin } from '../domain/deadline/cluster-for.js';
import { deadlineRules } from '../domain/deadline/rules.js';
import { type DeadlineRules, standingOf } from '../domain/deadline/standing.js';
import { affordableSeconds } from './money.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';

/** The cluster of a job: of the open one as it was submitted, of any other the config's own. */
export function clusterOf({ config, state }: Run, jobName: string): ClusterConfig {
  const { open } = state;
  return clusterNamed(config, open?.jobName === jobName ? open.cluster : undefined);
}

/** Whether the run made a cluster: only then it may be deleted, and its nodes are waited for in the end. */
export function isOurs({ config, state }: Run, name: string): boolean {
  return name === config.cluster.name ? state.ownsCluster : state.alternatives?.[name]?.ours === true;
}

/** Every cluster that the run made. */
export const ownClusters = (run: Run): readonly ClusterConfig[] =>
  clustersOf(run.config).filter(({ name }) => isOurs(run, name));

/** A cluster that had to go with a job on it is made again before the next one. */
export function noteDeleted({ config, state }: Run, name: string): void {
  if (name === config.cluster.name) state.clusterGone = true;
  else state.alternatives = { ...state.alternatives, [name]: { ours: true, isThere: false } };
}

/** Where the next job goes (`domain/deadline/cluster-for.ts`); a change is told. */
export function chooseCluster(run: Run, phase: PhaseConfig): ClusterConfig {
  const { config, state } = run;
  const before = state.lastCluster ?? null;
  const { capacityWaits } = run.phase(phase.name);
  const deadline = rulesOn(run, phase, clusterNamed(config, before ?? undefined));
  const { cluster, because } = clusterFor(config, { now: Date.now(), deadline, before, capacityWaits });
  if (because !== null) run.note({ kind: 'cluster-chosen', phase: phase.name, cluster: cluster.name, because });
  state.lastCluster = cluster.name;
  return cluster;
}

/** What the watch of a job must know of the deadline; null where it leads nowhere else. */
export function deadlineOf(run: Run, open: OpenAttempt): DeadlineRules | null {
  const phase = run.config.phases.find(({ name }) => name === open.phase);
  const on = clusterNamed(run.config, open.cluster);
  return phase === undefined || on.priority === 'dedicated' ? null : rulesOn(run, phase, on);
}

/** A pause for capacity that ends in time for the deadline. */
export function pauseUntilDue(run: Run, phase: PhaseConfig, waitSeconds: number): number {
  if (waitSeconds <= 0) return waitSeconds;
  const on = clusterNamed(run.config, run.state.lastCluster);
  return pauseWithin(waitSeconds, rulesOn(run, phase, on), Date.now());
}

/** When a hold ends by itself, for the deadline; null where a person ends it. */
export function heldUntil(run: Run, phase: PhaseConfig, { ending, cluster }: AttemptRecord): number | null {
  const on = clusterNamed(run.config, cluster);
  return holdUntil(ending, on, rulesOn(run, phase, on), Date.now());
}

/** When the run must be done, epoch milliseconds; null for whenever. */
export const dueAt = ({ config, state }: Run): number | null =>
  deadlineAt(config, state.startedAt, state.operator.deadline ?? null);

function rulesOn(run: Run, phase: PhaseConfig, on: ClusterConfig): DeadlineRules | null {
  const { config, state } = run;
  const phases = Object.fromEntries(config.phases.map(({ name }) => [name, run.phase(name)]));
  const rules = deadlineRules(config, phase, on, { at: dueAt(run), startedAt: state.startedAt, phases });
  return rules === null || !isPaidFor(run, rules) ? null : rules;
}

/** The budget goes before the deadline: a move that it does not pay for would end the run, and not in time either. */
function isPaidFor(run: Run, rules: DeadlineRules): boolean {
  const dedicated = dedicatedCluster(run.config);
  const seconds = dedicated === null ? null : affordableSeconds(run, dedicated);
  if (seconds === null) return true;
  return seconds >= standingOf(rules, null, null, Date.now()).needed;
}
