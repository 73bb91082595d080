import type { LimitName } from './limits.js';

/** What a watch has to tell a person; becomes an event of the run. */
export type WatchAlert =
  | {
      readonly kind: 'limit';
      readonly limit: LimitName;
      readonly did: 'alert' | 'request-checkpoint';
      readonly seconds: number;
      readonly limitSeconds: number;
    }
  | { readonly kind: 'blind'; readonly to: 'azure' | 'storage'; readonly seconds: number; readonly why: string }
  | { readonly kind: 'sight-again'; readonly to: 'azure' | 'storage'; readonly seconds: number }
  /** Nobody looked at the job: no worker ran, or Temporal was away. */
  | { readonly kind: 'unwatched'; readonly seconds: number }
  /** Azure took the nodes back and the same job waits for others. */
  | { readonly kind: 'requeued'; readonly status: string }
  /** The trainer began anew within the same job; `count` such starts were seen. */
  | { readonly kind: 'restarted-in-place'; readonly incarnation: string; readonly count: number }
  /** The trainer was warned (SIGTERM) and is about to leave. */
  | { readonly kind: 'warned'; readonly incarnation: string }
  /** The trainer's watchdog found a rank that stands still. */
  | { readonly kind: 'stuck'; readonly incarnation: string };

/** What a job has done for too long: `job demo-p1-a001` + this + `for 300 s`. */
export const limitWords: Record<LimitName, string> = {
  queued: 'has waited for nodes',
  preparing: 'has been preparing',
  finalizing: 'has been finalizing',
  notResponding: 'has not responded',
  stopping: 'has been stopping',
  start: 'has run without a heartbeat',
  silent: 'has shown no new heartbeat',
  stalled: 'has stood at one step',
  checkpoint: 'has saved no valid checkpoint',
  behind: 'was restarted in place and would repeat what a checkpoint holds',
  budget: 'has held its nodes',
  deadline: 'has work left that keeps dedicated nodes busy',
};

/** `job demo-p1-a001` + this. */
export function alertWords(alert: WatchAlert): string {
  switch (alert.kind) {
    case 'limit': {
      const asked = alert.did === 'request-checkpoint' ? '; it is asked for a checkpoint' : '';
      return `${limitWords[alert.limit]} for ${round(alert.seconds)} s, it is ended at ${round(alert.limitSeconds)} s${asked}`;
    }
    case 'blind':
      return `cannot be looked at for ${round(alert.seconds)} s, ${placeWords(alert.to)} gives no answer; it is left alone: ${alert.why}`;
    case 'sight-again':
      return `can be looked at again, ${placeWords(alert.to)} answers after ${round(alert.seconds)} s`;
    case 'unwatched':
      return `was not looked at for ${round(alert.seconds)} s: no worker ran, Temporal was away, or the worker had too much to do; it was left to itself`;
    case 'requeued':
      return `lost its nodes and waits for others under the same name (${alert.status})`;
    case 'restarted-in-place':
      return `was started again in place, ${alert.count === 1 ? 'once' : `${alert.count} times`} so far; the trainer is now ${alert.incarnation}`;
    case 'warned':
      return 'was warned that its node is taken away; it saves and leaves';
    case 'stuck':
      return 'says that a rank stands still; it ends itself';
  }
}

const placeWords = (to: 'azure' | 'storage') => (to === 'azure' ? 'Azure' : 'the storage');
const round = (seconds: number) => Math.round(seconds);
