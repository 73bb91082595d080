import { type Due, type WatchVerdict, judge } from '../../../domain/watch/judge.js';
import type { WatchAlert } from '../../../domain/watch/alerts.js';
import { type WatchRules, watchRules } from '../../../domain/watch/limits.js';
import { type WatchMemory, newWatch } from '../../../domain/watch/memory.js';
import type { HeartbeatSight, JobSight, TrainerSight } from '../../../domain/watch/sighting.js';
import { type ConfigChanges, configWith } from '../samples.js';

export const running: JobSight = { answered: true, status: 'Running' };
export const status = (word: string): JobSight => ({ answered: true, status: word });
export const noAnswer: JobSight = { answered: false, why: 'HTTP 503' };
export const throttled: JobSight = { answered: false, why: 'HTTP 429', throttled: true };
export const noFiles: TrainerSight = { answered: false, why: 'the storage timed out' };

export const beat = (over: Partial<HeartbeatSight> = {}): HeartbeatSight => ({
  ...{ incarnation: 'i1', sequence: 1, state: 'training', step: 10, warned: false, gone: false, stuck: false },
  ...over,
});

export const trainer = (heartbeat: HeartbeatSight | null, validCheckpoint: string | null = null): TrainerSight => ({
  answered: true,
  heartbeat,
  validCheckpoint,
});

/** A watch that is driven by hand: looks at a poll's distance unless said otherwise. */
export class Looks {
  at = 1_000_000;
  memory: WatchMemory = newWatch();
  readonly alerts: WatchAlert[] = [];
  rules: WatchRules;

  constructor(changes: ConfigChanges = {}) {
    this.rules = watchRules(configWith(changes));
  }

  look(job: JobSight, seen: TrainerSight, after = this.rules.pollSeconds): WatchVerdict {
    this.at += after * 1000;
    const judged = judge(this.memory, { at: this.at, job, trainer: seen }, this.rules);
    // What a watch remembers travels as JSON.
    this.memory = JSON.parse(JSON.stringify(judged.memory)) as WatchMemory;
    this.alerts.push(...judged.alerts);
    return judged.verdict;
  }

  /** Looks the same for so many seconds. @returns the first thing that was due, and after how long */
  forSeconds(
    seconds: number,
    job: JobSight,
    seen: (index: number) => TrainerSight,
  ): { due: Due; after: number } | null {
    for (let index = 1; index * this.rules.pollSeconds <= seconds; index++) {
      const verdict = this.look(job, seen(index));
      const due = verdict.kind === 'ALIVE' ? verdict.due : null;
      if (due !== null) return { due, after: index * this.rules.pollSeconds };
    }
    return null;
  }

  /** Up to a training heartbeat. */
  started(): this {
    this.look(running, trainer(null));
    this.look(running, trainer(beat()));
    return this;
  }

  kinds(): string[] {
    return this.alerts.map((alert) => (alert.kind === 'limit' ? `${alert.limit} ${alert.did}` : alert.kind));
  }
}
