/** How long a trainer may go on with nobody who renews it; part of what it is told (`control.ts`). */
export interface Lease {
  /** From each time that it is told; null for ever. */
  readonly seconds: number | null;
  /** The job may hold its nodes so long in all, for then the budget is used up; null for ever. */
  readonly affordableSeconds: number | null;
}

/**
 * When a trainer is to save and leave by itself, epoch milliseconds. A supervisor that lives tells a later time long before; of one that is
 * dead, with Temporal and all workers, no more is spent than the lease, and never more than the budget.
 * @param heldSeconds so long the job is known to have held its nodes
 * @param at epoch milliseconds of the telling
 */
export function spendUntil({ seconds, affordableSeconds }: Lease, heldSeconds: number, at: number): number {
  const left = affordableSeconds === null ? Infinity : Math.max(0, affordableSeconds - heldSeconds);
  return Math.round(at + 1000 * Math.min(seconds ?? Infinity, left));
}

/**
 * Seconds until a trainer must be told anew, at half of its lease: were the worker away from then on for as long again, the lease would still
 * hold. 0 where that is overdue; null where nothing has to be renewed.
 * @param toldAt epoch milliseconds of what it was told last, as `now`
 */
export function renewInSeconds(leaseSeconds: number | null, toldAt: number, now: number): number | null {
  return leaseSeconds === null ? null : Math.max(0, leaseSeconds / 2 - (now - toldAt) / 1000);
}
