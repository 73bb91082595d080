import { ApplicationFailure } from '@temporalio/workflow';
import { type Control, changeControl } from '../domain/control.js';
import { type ClusterConfig, clusterNamed } from '../domain/clusters.js';
import { type Lease, renewInSeconds } from '../domain/money/spend-until.js';
import { ALERT_AT, type Spending, budgetAlert, tellAtSeconds } from '../domain/money/alerts.js';
import {
  type MoneyFacts,
  type Rate,
  affordableSeconds as affordable,
  moneyFacts,
  reserveSeconds,
  spentSoFar,
} from '../domain/money/budget.js';
import { secondsOf } from '../domain/interval/of-run.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';

/** An attempt that does not come as far as a checkpoint is paid for in vain. */
const SHORTEST_SECONDS = 60;

/** What a node of a cluster costs an hour, in the run's currency; null where no price is known. */
export const priceOn = ({ config, state }: Run, { name }: ClusterConfig): number | null =>
  name === config.cluster.name ? state.pricePerNodeHour : (state.alternativePrices?.[name] ?? null);

/** What all attempts may cost together: an operator's word, else the config's; null for any amount. */
export const budgetOf = ({ config, state }: Run): number | null => state.operator.budget ?? config.cost?.budget ?? null;

/** So long may a job hold nodes of a cluster until the budget is used up, from its begin on; null for ever. */
export function affordableSeconds(run: Run, on: ClusterConfig): number | null {
  const seconds = affordable(budgetOf(run), spentSoFar(run.state.phases), rateOn(run, on));
  return seconds === null ? null : Math.max(0, seconds - reserveSeconds(run.config));
}

/**
 * What a trainer is told: how long it may go on alone on these nodes, where anything limits that. The very same control where that is told already.
 */
export function leased(run: Run, control: Control, on: ClusterConfig): Control {
  const affordableOn = affordableSeconds(run, on);
  const seconds = leaseSeconds(run);
  const lease = affordableOn === null && seconds === null ? null : { seconds, affordableSeconds: affordableOn };
  // What an older release told holds no lease at all.
  const told: Lease | null | undefined = control.lease;
  const isTold = told?.seconds === lease?.seconds && told?.affordableSeconds === lease?.affordableSeconds;
  return isTold ? control : changeControl(control, { lease }, Date.now());
}

/** So long the next look may go on: what a trainer is told is renewed at the end of a segment, however many looks news and messages cut short before. */
export function segmentSeconds(run: Run, { control }: OpenAttempt): number {
  const renewal = renewInSeconds(leaseSeconds(run), control.at, Date.now());
  return Math.min(run.config.watch.segmentHours * 3600, renewal ?? Infinity);
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
    `the budget of ${budgetOf(run)} ${state.currency} is used up: ${spent} are spent, and what is left pays for no further ` +
      `checkpoint on ${on.nodes} nodes; with a larger cost.budget it goes on from where it is: bertha start CONFIG --name ${place.run} --continue`,
    'BudgetSpent',
  );
}

/** When the open job has held its nodes for so long, `tellSpent` has something to tell; null for never. */
export const toTellAtSeconds = (run: Run): number | null => tellAtSeconds(spendingOf(run));

/** Tells of the share of the budget that is spent by now, once. */
export function tellSpent(run: Run): void {
  const { state } = run;
  const held = state.open?.watch.meter?.seconds ?? 0;
  const alert = budgetAlert(spendingOf(run), held, { since: state.startedAt, at: Date.now() });
  if (alert === null) return;
  const { budget, share } = alert;
  state.budgetTold = { budget, share };
  run.note({ kind: 'budget-alert', currency: state.currency, ...alert });
}

/** What a budget that an operator sets is judged by; null where no price is known. */
export function moneyOf(run: Run): MoneyFacts | null {
  const { config, state } = run;
  const heldSeconds = state.open === null ? null : (state.open.watch.meter?.seconds ?? 0);
  const stop = { heldSeconds, reserveSeconds: reserveSeconds(config) };
  return moneyFacts(state.currency, spentSoFar(state.phases), rateOn(run, clusterOf(run)), stop);
}

function spendingOf(run: Run): Spending {
  const { config, state } = run;
  return {
    ...{ budget: budgetOf(run), spent: spentSoFar(state.phases), rate: rateOn(run, clusterOf(run)) },
    ...{ alertAt: config.cost?.alertAt ?? ALERT_AT, told: state.budgetTold ?? null },
  };
}

const rateOn = (run: Run, on: ClusterConfig): Rate => ({ nodes: on.nodes, pricePerNodeHour: priceOn(run, on) });

/** Where the open job is; where none is, the first one of the config. */
const clusterOf = ({ config, state }: Run): ClusterConfig =>
  state.open === null ? config.cluster : clusterNamed(config, state.open.cluster);
