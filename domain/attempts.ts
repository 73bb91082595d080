import type { CheckpointRef, RejectedCheckpoint } from './checkpoints.js';
import type { Fact, Spike } from './endings/evidence.js';
import type { Pace, Paces } from './deadline/paces.js';
import type { JobEnding } from './endings/names.js';
import type { AttemptStart } from './goodput/starts.js';
import type { SkipWindow } from './skip-windows.js';

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
  /** The newest starts of the trainer within it, oldest first. Absent in records of earlier releases, as is what follows. */
  readonly starts?: readonly AttemptStart[];
  /** How many older starts are not named; absent for none. */
  readonly startsLeftOut?: number;
}

/** What is known of an attempt from the moment on that its job is submitted. */
export interface BegunAttempt {
  readonly phase: string;
  readonly attempt: number;
  readonly jobName: string;
  /** Epoch milliseconds. */
  readonly submittedAt: number;
  readonly resumedFrom: CheckpointRef | null;
  /** Cluster that it went to. Absent in attempts of earlier releases: the config's own. */
  readonly cluster?: string;
}

/** One job of a phase, from its submission to the decision that followed it. Times are epoch milliseconds. */
export interface AttemptRecord extends AttemptProgress, BegunAttempt {
  readonly ending: JobEnding;
  readonly because: string;
  /** Last step of this attempt that the lineage keeps; null where nothing of it was kept. */
  readonly keptStep: number | null;
  /** When Azure says nodes began to work for the job; null where it never did. */
  readonly nodesFrom: number | null;
  readonly endedAt: number;
  /** When the supervisor knew of its end. Absent in records of earlier releases. */
  readonly seenEndAt?: number;
  readonly nodes: number;
  /** Training as the watch saw it. Absent in records of earlier releases. */
  readonly pace?: Pace;
  /** What a node cost an hour, in the run's currency; null where no price was known. Absent in records of earlier releases. */
  readonly pricePerNodeHour?: number | null;
  readonly rejectedCheckpoints: readonly RejectedCheckpoint[];
  /** All that was known of the ending. Absent in records of the first release. */
  readonly evidence?: readonly Fact[];
  readonly exitCode?: number | null;
  /** Steps around a loss spike or NaN. */
  readonly spike?: Spike | null;
  /** The checkpoint that counted after it. */
  readonly head?: CheckpointRef | null;
}

/** An attempt counts up to this step, the one that the attempt after it continued from. */
export interface LineagePart {
  readonly attempt: string;
  readonly upTo: number;
}

/** What a phase remembers between attempts. A run that an older release began lacks the later fields: read it through `phaseState`. */
export interface PhaseState {
  readonly name: string;
  /** Attempts submitted so far. */
  readonly attempts: number;
  readonly head: CheckpointRef | null;
  /** Which steps of which attempts count, newest last: what a ghost of an older attempt adds later does not. */
  readonly lineage: readonly LineagePart[];
  /** Highest step that a checkpoint of the phase ever verified at; a climb back to it is not progress. */
  readonly highest: number;
  /** Spent of `recovery.userErrors`, over the whole phase. */
  readonly userErrors: number;
  /** Spent of `recovery.unknownEndings` and `recovery.infrastructureErrors` since `highest` rose. */
  readonly unknownEndings: number;
  readonly infrastructureErrors: number;
  /** Spent of `recovery.spikes`, over the whole phase. */
  readonly spikes: number;
  /** Attempts in a row that ended without a new checkpoint, those proven preempted before it not counted. */
  readonly withoutProgress: number;
  /** Attempts in a row that were preempted before they saved anything new. */
  readonly preemptedInARow: number;
  /** Refusals for want of capacity in a row. */
  readonly capacityWaits: number;
  /** Step of the newest NaN until it is passed; null where none is ahead. */
  readonly nanStep: number | null;
  readonly skipWindows: readonly SkipWindow[];
  /** What its attempts cost so far, in the run's currency. */
  readonly spent: number;
  /** How fast it trained, by cluster. */
  readonly paces?: Paces;
  readonly done: boolean;
}

export const newPhase = (name: string): PhaseState => ({
  name,
  attempts: 0,
  head: null,
  lineage: [],
  highest: 0,
  userErrors: 0,
  unknownEndings: 0,
  infrastructureErrors: 0,
  spikes: 0,
  withoutProgress: 0,
  preemptedInARow: 0,
  capacityWaits: 0,
  nanStep: null,
  skipWindows: [],
  spent: 0,
  done: false,
});

/** A phase's state as this release knows it, from one that an older release may have left. */
export function phaseState(state: Partial<PhaseState> & Pick<PhaseState, 'name'>): PhaseState {
  const whole = { ...newPhase(state.name), ...state };
  return { ...whole, highest: Math.max(whole.highest, whole.head?.step ?? 0) };
}
