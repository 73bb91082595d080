import { type Rate, affordableSeconds } from './budget.js';

/** Shares of the budget at which a person is told, where the config names none (`cost.alertAt`). */
export const ALERT_AT: readonly number[] = [0.5, 0.8];

/** The highest share of a budget that a person was told of; of another budget nothing was told. */
export interface ToldShare {
  readonly budget: number;
  readonly share: number;
}

/** What a run may spend, and what it has spent. Amounts are in the run's currency. */
export interface Spending {
  /** Null for any amount. */
  readonly budget: number | null;
  /** By all attempts that were settled. */
  readonly spent: number;
  readonly rate: Rate;
  readonly alertAt: readonly number[];
  readonly told: ToldShare | null;
}

/** What a person is told when a share of the budget is spent. */
export interface BudgetAlert {
  readonly share: number;
  readonly budget: number;
  readonly spent: number;
  /** When the budget is used up if the run goes on spending as it did on the whole so far, epoch milliseconds; null where that cannot be said. */
  readonly reachedAt: number | null;
  /** The same if nodes are held from now on without a break: not before then. */
  readonly earliestAt: number | null;
}

/** How long the open job may hold its nodes until the next share is spent that nobody was told of; null where none is left, or no price known. */
export const tellAtSeconds = (spending: Spending): number | null =>
  untold(spending).reduce<number | null>((first, { seconds }) => Math.min(first ?? seconds, seconds), null);

/**
 * The alert that is due: of several shares that were passed since, the highest; null where none was.
 * @param heldSeconds so long the open job has held its nodes
 * @param since begin of the run; `at` now, epoch milliseconds
 */
export function budgetAlert(
  spending: Spending,
  heldSeconds: number,
  { since, at }: { readonly since: number; readonly at: number },
): BudgetAlert | null {
  const { budget, rate } = spending;
  const share = untold(spending)
    .filter(({ seconds }) => heldSeconds >= seconds)
    .reduce<number | null>((highest, one) => Math.max(highest ?? 0, one.share), null);
  if (budget === null || share === null) return null;
  const perMs = (rate.nodes * (rate.pricePerNodeHour ?? 0)) / 3_600_000;
  const spent = spending.spent + heldSeconds * 1000 * perMs;
  const soFar = spent / Math.max(1, at - since);
  const reached = (pace: number) => (pace > 0 ? Math.round(at + Math.max(0, budget - spent) / pace) : null);
  // With several attempts behind it no run spends faster than its nodes cost.
  return { share, budget, spent, reachedAt: reached(Math.min(soFar, perMs)), earliestAt: reached(perMs) };
}

function untold({ budget, spent, rate, alertAt, told }: Spending): { share: number; seconds: number }[] {
  if (budget === null) return [];
  const known = told?.budget === budget ? told.share : 0;
  return alertAt
    .filter((share) => share > known)
    .flatMap((share) => {
      const seconds = affordableSeconds(budget * share, spent, rate);
      return seconds === null ? [] : [{ share, seconds }];
    });
}

/** `52 % of the budget are spent: 10.40 of 20.00 USD, ...` */
export function budgetAlertWords({ budget, spent, reachedAt, earliestAt }: BudgetAlert, currency: string): string {
  const percent = Math.floor((100 * spent) / budget);
  const left = Math.max(0, budget - spent);
  const soFar = reachedAt === null ? '' : `; at the rate so far it is used up at ${minute(reachedAt)}`;
  const earliest =
    earliestAt === null ? '' : `, at the earliest at ${minute(earliestAt)}, were nodes held without a break`;
  return `${percent} % of the budget are spent: ${spent.toFixed(2)} of ${budget.toFixed(2)} ${currency}, ${left.toFixed(2)} are left${soFar}${earliest}`;
}

/** `2026-11-23 14:05 UTC` */
const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
