import type { Clock } from '../clock.js';
import type { Eviction } from './language/evictions.js';
import type { Log } from '../log.js';
import { globTest } from './glob.js';
import { documentOf } from './language/document.js';
import type { Rule } from './language/rules.js';
import type { Entry, Scripts } from './scripts.js';

/** A file that a job uploaded. */
export interface Upload {
  job: string;
  output: string;
  blob: string;
  json: string | null;
}

/** What rules need of jobs. */
export interface Stage {
  /** Names of the jobs that have nodes now. */
  jobsOnNodes(): string[];
  /** @throws Error with a sentence when it cannot be done */
  evict(job: string, eviction: Eviction): Promise<unknown>;
}

/** Watches what jobs do, and the time, and makes happen what the rules say. */
export class Rules {
  private alarms: (() => void)[] = [];

  constructor(
    private readonly scripts: Scripts,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly stage: Stage,
  ) {}

  uploaded(upload: Upload): void {
    this.fire(
      upload.job,
      ({ when }) => when.blob !== undefined && globTest(when.blob)(upload.blob) && holds(when.json, upload.json),
    );
  }

  statusChanged({ job, status }: { job: string; status: string }): void {
    this.fire(job, ({ when }) => when.status === status);
  }

  /** Sets the alarms of rules that wait for a time, anew. A time that passed while the emulator was away has come now. */
  arm(): void {
    for (const off of this.alarms) off();
    this.alarms = this.scripts.items('rules').flatMap((entry) => {
      const { at } = entry.item.when;
      const isDue = at !== undefined && this.scripts.count(entry).hit === 0;
      return isDue ? [this.clock.after(Math.max(0, at - this.scripts.elapsed(entry)), () => this.due(entry))] : [];
    });
  }

  /** How often a rule may still fire. */
  left(entry: Entry<Rule>): number {
    const times = entry.item.when.at === undefined ? entry.item.times : 1;
    return times - this.scripts.count(entry).hit;
  }

  private fire(job: string, matches: (rule: Rule) => boolean): void {
    for (const entry of this.scripts.items('rules')) {
      const { item } = entry;
      const isOne = this.left(entry) > 0 && globTest(item.when.job)(job) && matches(item);
      if (!isOne) continue;
      this.countHit(entry);
      this.clock.after(item.after, () => void this.act(entry, [job]));
    }
  }

  private due(entry: Entry<Rule>): void {
    if (!this.scripts.has(entry)) return;
    this.countHit(entry);
    this.clock.after(entry.item.after, () => {
      const jobs = this.stage.jobsOnNodes().filter(globTest(entry.item.when.job));
      void this.act(entry, jobs);
    });
  }

  private countHit(entry: Entry<Rule>): void {
    const { seen, hit } = this.scripts.count(entry);
    this.scripts.setCount(entry, { seen: seen + 1, hit: hit + 1 });
  }

  private async act(entry: Entry<Rule>, jobs: readonly string[]): Promise<void> {
    const { evict, capacity, request, storage } = entry.item.do;
    if (capacity !== undefined) this.putInForce(entry, { capacity: [capacity] });
    if (request !== undefined) this.putInForce(entry, { requests: [request] });
    if (storage !== undefined) this.putInForce(entry, { storage: [storage] });
    if (evict === undefined) return;
    if (jobs.length === 0) this.log(`scenario: ${entry.key} found no job with nodes to take away`);
    for (const job of jobs) {
      await this.stage.evict(job, evict).catch((error: Error) => this.log(`scenario: ${error.message}`));
    }
  }

  private putInForce(entry: Entry<Rule>, parts: Parameters<typeof documentOf>[1]): void {
    const { script, key } = entry;
    const source = `${key} of ${script.source}`;
    this.log(`scenario: ${source} puts in force: ${JSON.stringify(parts)}`);
    const id = `${script.id}-${key}-${this.scripts.count(entry).hit}`;
    this.scripts.begin({ id, source, document: documentOf(script.document.seed, parts) });
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
