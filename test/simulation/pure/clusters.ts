import type { AttemptRecord } from '../../../domain/attempts.js';
import { type ClusterConfig, clusterNamed } from '../../../domain/clusters.js';
import { deadlineAt } from '../../../domain/deadline/at.js';
import { holdUntil, pauseWithin } from '../../../domain/deadline/cluster-for.js';
import { deadlineRules } from '../../../domain/deadline/rules.js';
import type { DeadlineRules } from '../../../domain/deadline/standing.js';
import { note } from './journal.js';
import type { Context, Open } from './state.js';

/** Where the next job goes, as `workflows/clusters.ts` has it; a change is told. */
export function chooseCluster(context: Context): ClusterConfig {
  const { config, state, world, decisions } = context;
  const { lastCluster: before } = state;
  const { capacityWaits } = state.phase;
  const facts = { now: world.now, deadline: rulesOn(context, before), before, capacityWaits };
  const { cluster, because } = decisions.clusterFor(config, facts);
  if (because !== null) note(context, { kind: 'cluster-chosen', phase: 'p1', cluster: cluster.name, because });
  state.lastCluster = cluster.name;
  return cluster;
}

/** What the watch of a job must know of the deadline; null where it leads nowhere else. */
export function deadlineOf(context: Context, { cluster }: Open): DeadlineRules | null {
  return clusterNamed(context.config, cluster).priority === 'dedicated' ? null : rulesOn(context, cluster);
}

/** A pause that ends in time for the deadline. */
export const pauseUntilDue = (context: Context, seconds: number): number =>
  pauseWithin(seconds, rulesOn(context, context.state.lastCluster), context.world.now);

/** When a hold ends by itself, for the deadline. */
export function heldUntil(context: Context, { ending, cluster }: AttemptRecord): number {
  const on = clusterNamed(context.config, cluster);
  return holdUntil(ending, on, rulesOn(context, on.name), context.world.now) ?? Infinity;
}

function rulesOn({ config, state }: Context, on: string | null): DeadlineRules | null {
  const [phase] = config.phases;
  if (phase === undefined) return null;
  const at = deadlineAt(config, 0, state.operator.deadline ?? null);
  return deadlineRules(config, phase, clusterNamed(config, on ?? undefined), {
    ...{ at, startedAt: 0 },
    phases: { p1: state.phase },
  });
}
