import { ApplicationFailure } from '@temporalio/workflow';
import { type Control, changeControl } from '../domain/control.js';
import type { ClusterConfig } from '../domain/clusters.js';
import { affordableSeconds as affordable, reserveSeconds, spentSoFar } from '../domain/money/budget.js';
import { secondsOf } from '../domain/interval/of-run.js';
import type { Run } from './state.js';

/** An attempt that does not come as far as a checkpoint is paid for in vain. */
const SHORTEST_SECONDS = 60;

/** What a node of a cluster costs an hour, in the run's currency; null where no price is known. */
export const priceOn = ({ config, state }: Run, { name }: ClusterConfig): number | null =>
  name === config.cluster.name ? state.pricePerNodeHour : (state.alternativePrices?.[name] ?? null);

/** So long may a job hold nodes of a cluster until the budget is used up, from its begin on; null for ever. */
export function affordableSeconds(run: Run, on: ClusterConfig): number | null {
  const { config, state } = run;
  const rate = { nodes: on.nodes, pricePerNodeHour: priceOn(run, on) };
  const seconds = affordable(config.cost?.budget ?? null, spentSoFar(state.phases), rate);
  return seconds === null ? null : Math.max(0, seconds - reserveSeconds(config));
}

/** What a trainer is told at its begin: how long it may go on alone on these nodes, where anything limits that. */
export function leased(run: Run, control: Control, on: ClusterConfig): Control {
  const affordable = affordableSeconds(run, on);
  const seconds = leaseSeconds(run);
  const isLimited = affordable !== null || seconds !== null;
  return isLimited
    ? changeControl(control, { lease: { seconds, affordableSeconds: affordable } }, Date.now())
    : control;
}

/** A segment of the watch ends early enough for the lease to be renewed, were the worker away for as long again. */
export function segmentSeconds(run: Run): number {
  const lease = leaseSeconds(run);
  return Math.min(run.config.watch.segmentHours * 3600, lease === null ? Infinity : lease / 2);
}

const leaseSeconds = ({ config }: Run): number | null =>
  config.cost?.leaseHours === undefined ? null : config.cost.leaseHours * 3600;

/** @throws a final failure where the budget pays for no job that would come as far as a checkpoint */
export function refuseIfSpent(run: Run, on: ClusterConfig): void {
  const { config, state, place } = run;
  const seconds = affordableSeconds(run, on);
  if (seconds === null || seconds >= (secondsOf(config) ?? SHORTEST_SECONDS)) return;
  const spent = spentSoFar(state.phases).toFixed(2);
  throw ApplicationFailure.nonRetryable(
    `the budget of ${config.cost?.budget} ${state.currency} is used up: ${spent} are spent, and what is left pays for no further ` +
      `checkpoint on ${on.nodes} nodes; with a larger cost.budget it goes on from where it is: bertha start CONFIG --name ${place.run} --continue`,
    'BudgetSpent',
  );
}
