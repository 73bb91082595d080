import type { Clock } from '../clock.js';
import type { Eviction } from '../faces/evict.js';
import type { Log } from '../log.js';
import { globTest } from './glob.js';
import type { Rule } from './schema.js';

/** A file that a job uploaded. */
export interface Upload {
  job: string;
  output: string;
  blob: string;
  json: string | null;
}

/** Watches what jobs do and makes happen to them what the rules say. */
export class Scenario {
  private rules: { rule: Rule; left: number }[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly evict: (job: string, eviction: Eviction) => Promise<unknown>,
  ) {}

  /** Replaces all rules. */
  load(rules: readonly Rule[]): void {
    this.rules = rules.map((rule) => ({ rule, left: rule.times }));
  }

  /** The rules and how often each may still fire. */
  state(): object[] {
    return this.rules.map(({ rule, left }) => ({ ...rule, left }));
  }

  uploaded(upload: Upload): void {
    this.fire(
      upload.job,
      ({ when }) => when.blob !== undefined && globTest(when.blob)(upload.blob) && holds(when.json, upload.json),
    );
  }

  statusChanged({ job, status }: { job: string; status: string }): void {
    this.fire(job, ({ when }) => when.status === status);
  }

  private fire(job: string, matches: (rule: Rule) => boolean): void {
    for (const entry of this.rules) {
      const due = entry.left > 0 && globTest(entry.rule.when.job)(job) && matches(entry.rule);
      if (!due) continue;
      entry.left -= 1;
      this.clock.after(entry.rule.after, () => void this.act(job, entry.rule));
    }
  }

  private async act(job: string, rule: Rule): Promise<void> {
    try {
      await this.evict(job, rule.do.evict);
    } catch (error) {
      this.log(`scenario: ${(error as Error).message}`);
    }
  }
}

function holds(condition: Rule['when']['json'], json: string | null): boolean {
  if (condition === undefined) return true;
  const value = fieldOf(json, condition.path);
  const enough = condition.atLeast === undefined || (typeof value === 'number' && value >= condition.atLeast);
  const same = condition.equals === undefined || value === condition.equals;
  return enough && same;
}

function fieldOf(json: string | null, path: string): unknown {
  try {
    const document: unknown = JSON.parse(json ?? '');
    return path.split('.').reduce((value, key) => (value as Record<string, unknown> | null)?.[key], document);
  } catch {
    return undefined;
  }
}
