import type { Meter } from '../money/meter.js';
import type { HeartbeatSight } from './sighting.js';
import type { LimitName } from './limits.js';

/**
 * What a watch remembers between two looks; small JSON, for it travels in the heartbeat of the watch activity and in workflow state.
 * Clocks are seconds that were really observed: time between two looks that were both answered, never time in which we were blind or away.
 */
export interface WatchMemory {
  /** Our clock at the last look, answered or not; absent before the first one, and in the memory of older releases. */
  readonly lookedAt?: number;
  /** The same if Azure answered it, else null. */
  readonly jobSeenAt: number | null;
  /** The same for the trainer's files. */
  readonly trainerSeenAt: number | null;
  readonly status: string | null;
  readonly clocks: Readonly<Partial<Record<LimitName, number>>>;
  /** Rungs of each limit's ladder that were taken since its clock began. */
  readonly rungs: Readonly<Partial<Record<LimitName, number>>>;
  readonly heartbeat: HeartbeatSight | null;
  readonly validCheckpoint: string | null;
  /** Why the next heartbeat is waited for as for a first one; null while heartbeats come. */
  readonly awaiting: 'first' | 'requeued' | 'blindness' | null;
  /** Starts of the trainer that were seen after the first one, within this job. */
  readonly restarts: number;
  /** Observed training, for the pace: steps and the seconds they took. */
  readonly pace: { readonly steps: number; readonly seconds: number };
  /** Observed training since the step last moved. Absent in the memory of older releases: none. */
  readonly stillSeconds?: number;
  /** Since when Azure or the storage gives no answer, and whether an alert said so. */
  readonly blind: Readonly<Partial<Record<'azure' | 'storage', { readonly since: number; readonly told: boolean }>>>;
  /** When a 404 was first answered, with no other answer since. */
  readonly absentSince: number | null;
  /** HTTP 429 answers in a row. */
  readonly throttled: number;
  /** True once a warning (SIGTERM) of this incarnation was told. */
  readonly warned: boolean;
  readonly stuck: boolean;
  /** Absent before the first look, and in the memory of older releases. */
  readonly meter?: Meter;
}

export const newWatch = (): WatchMemory => ({
  jobSeenAt: null,
  trainerSeenAt: null,
  status: null,
  clocks: {},
  rungs: {},
  heartbeat: null,
  validCheckpoint: null,
  awaiting: 'first',
  restarts: 0,
  pace: { steps: 0, seconds: 0 },
  stillSeconds: 0,
  blind: {},
  absentSince: null,
  throttled: 0,
  warned: false,
  stuck: false,
});
