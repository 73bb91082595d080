import { INVARIANTS, type Invariant } from './invariants/names.js';
import type { Played } from './pure/play.js';

/** What our share of a recovery may take at the 95th percentile, in seconds: beyond one poll interval, and behind a notice in the heartbeat. */
const BARS = { beyondPoll: 5, afterNotice: 5 };

/** Adds up what became of many schedules. */
export class Tally {
  private schedules = 0;
  private attempts = 0;
  private hours = 0;
  private readonly checks = new Map<Invariant, number>();
  private readonly breaches = new Map<Invariant, number>();
  private readonly struck = new Map<string, number>();
  private readonly outcomes = new Map<string, number>();
  private readonly endings = new Map<string, number>();
  private readonly beyondPoll: number[] = [];
  private readonly afterNotice: number[] = [];

  add(played: Played): void {
    this.schedules++;
    this.attempts += played.attempts;
    this.hours += played.virtualHours;
    for (const [invariant, count] of played.checks) more(this.checks, invariant, count);
    for (const { invariant } of played.breaches) more(this.breaches, invariant);
    for (const [fault, count] of played.struck) more(this.struck, fault, count);
    for (const ending of played.endings) more(this.endings, ending);
    more(this.outcomes, played.outcome);
    this.beyondPoll.push(...played.delays);
    this.afterNotice.push(...played.noticeDelays);
  }

  /** Whether no invariant broke, and our share stays below its bars. */
  get holds(): boolean {
    return this.breaches.size === 0 && this.bars().every(({ isMet }) => isMet);
  }

  lines(): string[] {
    const days = (this.hours / 24).toFixed(0);
    return [
      `${this.schedules} schedules, ${this.attempts} attempts, ${days} simulated days`,
      `  ${'invariant'.padEnd(56)}${'checks'.padStart(10)}${'breaches'.padStart(10)}`,
      ...INVARIANTS.map(
        (name) => `  ${name.padEnd(56)}${column(this.checks.get(name))}${column(this.breaches.get(name))}`,
      ),
      ...counted('interruptions', this.struck),
      ...counted('endings', this.endings),
      ...counted('outcomes', this.outcomes),
      ...this.bars().map(({ words }) => words),
    ];
  }

  private bars(): { readonly words: string; readonly isMet: boolean }[] {
    return [
      barOf('preemption to resubmit, our share beyond one poll interval: p95', this.beyondPoll, 0.95, BARS.beyondPoll),
      barOf('the same behind a notice in the heartbeat, polls included: p95', this.afterNotice, 0.95, BARS.afterNotice),
    ];
  }
}

function barOf(what: string, values: readonly number[], share: number, bar: number) {
  const value = at(values, share);
  if (value === null) return { words: `${what} was not measured`, isMet: true };
  const isMet = value <= bar;
  const [half, high, most] = [0.5, 0.95, 1].map((one) => at(values, one)?.toFixed(1));
  const words = `${what} <= ${bar} s ${isMet ? 'holds' : 'IS MISSED'}: ${values.length} measured, p50 ${half} s, p95 ${high} s, max ${most} s`;
  return { words, isMet };
}

function more<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

const column = (value = 0) => String(value).padStart(10);

/** Three to a line, the most frequent first. */
function counted(title: string, counts: ReadonlyMap<string, number>): string[] {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const cells = sorted.map(([name, value]) => `${name.padEnd(30)}${String(value).padStart(7)}   `);
  const rows = Array.from({ length: Math.ceil(cells.length / 3) }, (_, row) => cells.slice(3 * row, 3 * row + 3));
  return [`${title}:`, ...rows.map((row) => `  ${row.join('').trimEnd()}`)];
}

/** @param share 0.5 for the median, 1 for the largest */
function at(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}
