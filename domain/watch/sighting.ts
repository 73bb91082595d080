import type { Heartbeat } from '../trainer.js';

/** One look at a job. What did not answer says nothing about the job, only about the way to it. */
export interface Sighting {
  /** Our own clock, epoch milliseconds. */
  readonly at: number;
  readonly job: JobSight;
  readonly trainer: TrainerSight;
}

export type JobSight =
  /** Azure's word; `NotFound` for a 404. */
  | { readonly answered: true; readonly status: string }
  | { readonly answered: false; readonly why: string; /** HTTP 429. */ readonly throttled?: boolean };

export type TrainerSight =
  | {
      readonly answered: true;
      /** From the newest incarnation; null where none has begun. */
      readonly heartbeat: HeartbeatSight | null;
      /** Newest checkpoint that verified, `<incarnation>/<step>`; null where none did. */
      readonly validCheckpoint: string | null;
    }
  | { readonly answered: false; readonly why: string };

/** What of a heartbeat the watch looks at. Only changes of it count; its own times are never compared with our clock. */
export interface HeartbeatSight {
  readonly incarnation: string;
  readonly sequence: number;
  readonly state: string;
  readonly step: number | null;
  /** True where the trainer says that it was warned (SIGTERM) and is about to leave. */
  readonly warned: boolean;
  /** True in the last beat behind a trainer that is gone: the job is about to end. */
  readonly gone: boolean;
  /** True where its own watchdog says that a rank stands still. */
  readonly stuck: boolean;
}

export function heartbeatSight(heartbeat: Heartbeat): HeartbeatSight {
  const { incarnation, sequence, state, step, notice, stuck, alive } = heartbeat;
  const isStuck = stuck !== undefined && stuck !== null && stuck !== false;
  const warned = (notice ?? null) !== null;
  return { incarnation, sequence, state, step, warned, gone: alive === false, stuck: isStuck };
}
