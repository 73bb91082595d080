import { secondsSince, type Clock } from '../clock.js';
import { durationSeconds } from '../durations.js';
import type { Job } from '../entities/job.js';

/**
 * `limits.timeout`: how long a job may take from its first start to its end. A start in place after a preemption does not
 * begin it anew, and time in the queue between starts counts: it is a limit of the run, whose duration counts likewise.
 */
export class TimeLimits {
  private readonly alarms = new Map<string, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly expired: (job: string, reason: string) => void,
  ) {}

  /** The job has started, now or before. */
  begin(job: Job): void {
    const limit = job.request.limits?.timeout ?? '';
    const seconds = durationSeconds(limit);
    if (seconds === undefined || job.startedAt === null || this.alarms.has(job.name)) return;
    const left = Math.max(0, seconds - secondsSince(this.clock, job.startedAt));
    const reason = `The job exceeded its limit of ${limit}.`;
    this.alarms.set(
      job.name,
      this.clock.after(left, () => this.expired(job.name, reason)),
    );
  }

  /** The job has come to its end. */
  end(job: Job): void {
    this.alarms.get(job.name)?.();
    this.alarms.delete(job.name);
  }
}
