import type { AttemptRecord, PhaseState } from '../attempts.js';

/** What a node of the run's cluster costs, and how many of them a job holds. */
export interface Rate {
  readonly nodes: number;
  /** In the run's currency; null where no price is known. */
  readonly pricePerNodeHour: number | null;
}

/** What an attempt cost, in the run's currency: nodes x the hours in which Azure held them for it x price. 0 where no price was known. */
export function attemptCost({ nodes, nodesFrom, endedAt, pricePerNodeHour = null }: AttemptRecord): number {
  if (nodesFrom === null || pricePerNodeHour === null) return 0;
  return (nodes * Math.max(0, endedAt - nodesFrom) * pricePerNodeHour) / 3_600_000;
}

/** What all attempts that were settled cost. */
export const spentSoFar = (phases: Readonly<Record<string, PhaseState>>): number =>
  Object.values(phases).reduce((sum, { spent = 0 }) => sum + spent, 0);

/**
 * For how many seconds a job may hold its nodes until the budget is used up.
 * @returns null for ever: no budget, or no price to measure it by
 */
export function affordableSeconds(
  budget: number | null,
  spent: number,
  { nodes, pricePerNodeHour }: Rate,
): number | null {
  if (budget === null || pricePerNodeHour === null || pricePerNodeHour === 0) return null;
  return Math.max(0, ((budget - spent) * 3_600) / (nodes * pricePerNodeHour));
}

/** What a budget that an operator sets is judged by; amounts are in the run's currency. */
export interface MoneyFacts {
  readonly currency: string;
  /** So far, the open job included. */
  readonly spent: number;
  /** What ending the open job may cost; 0 where none is open. */
  readonly stop: number;
}

/**
 * @param spent by all attempts that were settled
 * @param heldSeconds so long the open job has held its nodes; null where none is open
 * @returns null where no price is known
 */
export function moneyFacts(
  currency: string,
  spent: number,
  { nodes, pricePerNodeHour }: Rate,
  { heldSeconds, reserveSeconds }: { readonly heldSeconds: number | null; readonly reserveSeconds: number },
): MoneyFacts | null {
  if (pricePerNodeHour === null) return null;
  const cost = (seconds: number) => (seconds * nodes * pricePerNodeHour) / 3_600;
  return { currency, spent: spent + cost(heldSeconds ?? 0), stop: heldSeconds === null ? 0 : cost(reserveSeconds) };
}

/** What ending a job may take, at the ordinary: the look that finds it due, a checkpoint, the cancel. Kept back, so that the stop is paid for too. */
export function reserveSeconds(config: {
  readonly watch: { readonly pollSeconds: number };
  readonly stopping: { readonly checkpointSeconds: number; readonly apartSeconds: number };
}): number {
  const { watch, stopping } = config;
  return watch.pollSeconds + stopping.checkpointSeconds + stopping.apartSeconds;
}
