import type { RunView } from '../../client.js';
import { pause } from '../interrupt.js';
import { nextJob } from './job.js';
import type { TailEnd } from './tail.js';

const LOOK_EVERY_MS = 2000;

export interface FollowRunOptions {
  /** One look at the run; null where nobody answers now. */
  readonly look: () => Promise<RunView | null>;
  /** Hands over the logs of a job until it has ended. */
  readonly tail: (job: string) => Promise<TailEnd>;
  /** Called where a job has ended and the run goes on, once a job. */
  readonly onWaiting: (ended: string) => void;
  readonly signal: AbortSignal;
  readonly lookEveryMs?: number;
}

/** Follows the jobs of a run, attempt after attempt, until the run has ended. @returns what was seen last; null where `signal` came first */
export async function followJobs(options: FollowRunOptions): Promise<RunView | null> {
  const { look, tail, onWaiting, signal, lookEveryMs = LOOK_EVERY_MS } = options;
  let last: string | null = null;
  for (;;) {
    const seen = await look();
    const job: string | null = seen === null ? null : nextJob(seen, last);
    if (seen !== null && job !== null) {
      if ((await tail(job)) === 'interrupted') return null;
      last = job;
      if (nextJob(seen, last) === null && seen.state === 'running') onWaiting(job);
      continue;
    }
    if (seen !== null && seen.state !== 'running') return seen;
    await pause(lookEveryMs, signal);
    if (signal.aborted) return null;
  }
}
