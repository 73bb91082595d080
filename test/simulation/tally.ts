import { INVARIANTS, type Invariant } from './invariants/names.js';
import type { Played } from './pure/play.js';

/** Adds up what became of many schedules. */
export class Tally {
  private schedules = 0;
  private attempts = 0;
  private hours = 0;
  private readonly checks = new Map<Invariant, number>();
  private readonly breaches = new Map<Invariant, number>();
  private readonly outcomes = new Map<string, number>();
  private readonly endings = new Map<string, number>();
  private readonly delays: number[] = [];

  add(played: Played): void {
    this.schedules++;
    this.attempts += played.attempts;
    this.hours += played.virtualHours;
    for (const [invariant, count] of played.checks) more(this.checks, invariant, count);
    for (const { invariant } of played.breaches) more(this.breaches, invariant);
    for (const ending of played.endings) more(this.endings, ending);
    more(this.outcomes, played.outcome);
    this.delays.push(...played.delays);
  }

  lines(): string[] {
    const rows = INVARIANTS.map(
      (name) => `  ${name.padEnd(48)} ${count(this.checks.get(name))} ${count(this.breaches.get(name))}`,
    );
    return [
      `${this.schedules} schedules, ${this.attempts} attempts, ${(this.hours / 24).toFixed(0)} simulated days`,
      `  ${'invariant'.padEnd(48)} ${'checks'.padStart(9)} ${'breaches'.padStart(9)}`,
      ...rows,
      `outcomes: ${counted(this.outcomes)}`,
      `endings: ${counted(this.endings)}`,
      `preemption to resubmit, beyond one poll: ${this.delays.length} measured, p50 ${at(this.delays, 0.5)} s, p95 ${at(this.delays, 0.95)} s, max ${at(this.delays, 1)} s`,
    ];
  }
}

function more<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

const count = (value = 0) => String(value).padStart(9);

const counted = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function at(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return value === undefined ? '-' : value.toFixed(1);
}
