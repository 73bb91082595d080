import type { CheckpointRef, RejectedCheckpoint } from './checkpoints.js';
import type { JobEnding } from './job-endings.js';

/** What the metrics of an attempt say about its training time; times are epoch milliseconds, null where no step was seen. */
export interface AttemptProgress {
  readonly firstStep: number | null;
  readonly lastStep: number | null;
  /** Begin of the first step. */
  readonly trainingFrom: number | null;
  /** End of the last step that stays in the lineage. */
  readonly keptUntil: number | null;
  /** End of the last step seen. */
  readonly trainedUntil: number | null;
  readonly lossFirst: number | null;
  readonly lossLast: number | null;
  readonly checkpointsWritten: number;
}

/** One job of a phase, from its submission to the decision that followed it. Times are epoch milliseconds. */
export interface AttemptRecord extends AttemptProgress {
  readonly phase: string;
  readonly attempt: number;
  readonly jobName: string;
  readonly ending: JobEnding;
  readonly because: string;
  readonly resumedFrom: CheckpointRef | null;
  /** Last step of this attempt that the lineage keeps; null where nothing of it was kept. */
  readonly keptStep: number | null;
  readonly submittedAt: number;
  /** When Azure says nodes began to work for the job; null where it never did. */
  readonly nodesFrom: number | null;
  readonly endedAt: number;
  readonly nodes: number;
  readonly rejectedCheckpoints: readonly RejectedCheckpoint[];
}

/** An attempt counts up to this step, the one that the attempt after it continued from. */
export interface LineagePart {
  readonly attempt: string;
  readonly upTo: number;
}

/** What a phase remembers between attempts. */
export interface PhaseState {
  readonly name: string;
  /** Attempts submitted so far. */
  readonly attempts: number;
  readonly head: CheckpointRef | null;
  /** Which steps of which attempts count, newest last: what a ghost of an older attempt adds later does not. */
  readonly lineage: readonly LineagePart[];
  readonly userErrors: number;
  readonly withoutProgress: number;
  readonly done: boolean;
}

export const newPhase = (name: string): PhaseState => ({
  name,
  attempts: 0,
  head: null,
  lineage: [],
  userErrors: 0,
  withoutProgress: 0,
  done: false,
});
