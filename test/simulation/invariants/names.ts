/** What must hold in every schedule, whatever happens in it. */
export const INVARIANTS = [
  'at most one job that holds nodes',
  'never two writers',
  'no step lost past the last valid checkpoint',
  'nothing damaged, undone or written late is continued',
  'nothing spoilt is continued',
  'the last two good checkpoints are kept',
  'no more time is lost than the limits allow',
  'no healthy job is ended',
  'every ending is explained',
  'only mistakes cost the error budget',
  'a phase fails only by a budget that is spent',
  'nothing is left behind',
  'progress whenever capacity allows',
  'ledger sums to wall time',
  'ledger counts as useful what the model contains',
  'budget kept',
  'deadline policy kept',
  'nothing spends beyond the bound once its supervisor is dead',
  'layers agree',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Breach {
  readonly invariant: Invariant;
  /** Virtual seconds. */
  readonly at: number;
  readonly what: string;
}

/** Counts what was looked at and keeps what did not hold. */
export class Checks {
  readonly breaches: Breach[] = [];
  readonly counts = new Map<Invariant, number>();

  constructor(private readonly now: () => number) {}

  /** What was looked at so often, and held. */
  held(invariant: Invariant, times: number): void {
    this.counts.set(invariant, (this.counts.get(invariant) ?? 0) + times);
  }

  check(invariant: Invariant, holds: boolean, what: () => string): void {
    this.counts.set(invariant, (this.counts.get(invariant) ?? 0) + 1);
    if (!holds) this.breaches.push({ invariant, at: Math.round(this.now() / 1000), what: what() });
  }
}
