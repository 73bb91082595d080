import { type Control, changeControl } from '../../../domain/control.js';
import { ALERT_AT, type Spending, budgetAlert, tellAtSeconds } from '../../../domain/money/alerts.js';
import { type Rate, reserveSeconds } from '../../../domain/money/budget.js';
import { renewInSeconds } from '../../../domain/money/spend-until.js';
import { note } from './journal.js';
import type { Context } from './state.js';

/** What a node costs an hour in every layer (`workflow/stages.ts`). */
export const PRICE = 1;

type Known = Pick<Context, 'config' | 'state' | 'decisions'>;

/** As `Run.affordableSeconds` has it: null for ever. */
export function affordable({ config, state, decisions }: Known): number | null {
  const seconds = decisions.affordableSeconds(config.cost?.budget ?? null, state.phase.spent, rateOf({ config }));
  return seconds === null ? null : Math.max(0, seconds - reserveSeconds(config));
}

/** As `workflows/money.ts` has it: whether what is left pays for no job that would come as far as a checkpoint. */
export function isSpent(known: Known): boolean {
  const seconds = affordable(known);
  const { everySeconds } = known.config.checkpoints;
  return seconds !== null && seconds < (typeof everySeconds === 'number' ? everySeconds : 60);
}

/** What a trainer is told at its begin. */
export function leased(context: Known & Pick<Context, 'world'>, control: Control): Control {
  const seconds = leaseSeconds(context);
  const lease = { seconds, affordableSeconds: affordable(context) };
  const isLimited = seconds !== null || lease.affordableSeconds !== null;
  return isLimited ? changeControl(control, { lease }, context.world.now) : control;
}

/** Whether a trainer must be told its lease anew. */
export function mustRenew({ config, state, world }: Pick<Context, 'config' | 'state' | 'world'>): boolean {
  return renewInSeconds(leaseSeconds({ config }), state.control.at, world.now) === 0;
}

/** When a look has something to tell of the money. */
export const toTellAtSeconds = (known: Known): number | null => tellAtSeconds(spendingOf(known));

/** Tells of the share of the budget that is spent by now, once. */
export function tellSpent(context: Context): void {
  const { state, world } = context;
  const held = state.open === null ? 0 : (state.watch.meter?.seconds ?? 0);
  const alert = budgetAlert(spendingOf(context), held, { since: 0, at: world.now });
  if (alert === null) return;
  state.budgetTold = { budget: alert.budget, share: alert.share };
  note(context, { kind: 'budget-alert', currency: 'USD', ...alert });
}

const leaseSeconds = ({ config }: Pick<Context, 'config'>): number | null =>
  config.cost?.leaseHours === undefined ? null : config.cost.leaseHours * 3600;

const rateOf = ({ config }: Pick<Context, 'config'>): Rate => ({
  nodes: config.cluster.nodes,
  pricePerNodeHour: PRICE,
});

const spendingOf = ({ config, state }: Pick<Context, 'config' | 'state'>): Spending => ({
  ...{ budget: config.cost?.budget ?? null, spent: state.phase.spent, rate: rateOf({ config }) },
  ...{ alertAt: ALERT_AT, told: state.budgetTold },
});
