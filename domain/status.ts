import type { AttemptProgress } from './attempts.js';
import type { CheckpointRef } from './checkpoints.js';
import type { WatchMemory } from './watch/memory.js';
import type { RunEvent, RunOutcome, StageName } from './events.js';

/** Key of the workflow memo that holds a `RunStatus`: readable by one DescribeWorkflowExecution, with no worker running. */
export const STATUS_MEMO = 'bertha.status';

/** What a run says of itself: the answer of the `status` query and the memo. */
export interface RunStatus {
  readonly run: string;
  readonly stage: StageName;
  readonly stagesDone: readonly StageName[];
  /** Epoch milliseconds; the workflow's own start time is that of its newest execution. */
  readonly startedAt: number;
  readonly phases: readonly { readonly name: string; readonly steps: number; readonly globalBatch: number }[];
  readonly phase: string | null;
  readonly attempt: number;
  readonly jobName: string | null;
  readonly head: CheckpointRef | null;
  readonly outcome: RunOutcome | null;
  readonly because: string | null;
  /** The last events, oldest first. */
  readonly events: readonly RunEvent[];
}

/** What a watch last saw of a job; carried in the watch activity's heartbeat, so it is readable without Blob access. */
export interface TrainingProgress {
  readonly jobName: string;
  readonly jobStatus: string;
  readonly incarnation: string | null;
  readonly state: string | null;
  readonly step: number | null;
  readonly totalSteps: number | null;
  readonly lossMlm: number | null;
  readonly sequencesPerSecond: number | null;
  readonly checkpointStep: number | null;
  /** Epoch milliseconds of the newest checkpoint, null where none exists. */
  readonly checkpointAt: number | null;
  /** Epoch milliseconds of the trainer's heartbeat. */
  readonly at: number | null;
}

/** What the watch activity keeps in its heartbeat between two looks. */
export interface WatchDetails {
  readonly progress: TrainingProgress;
  readonly memory: WatchMemory;
  /** The pause before the next look that all jobs together leave to this one; absent in the details of older releases. */
  readonly turnSeconds?: number;
}

export type { AttemptProgress };
