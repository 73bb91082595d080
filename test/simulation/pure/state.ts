import { type AttemptRecord, type PhaseState, newPhase } from '../../../domain/attempts.js';
import type { CheckpointRef } from '../../../domain/checkpoints.js';
import { type Command, type Operator, type RunFacts, newOperator } from '../../../domain/commands.js';
import type { RunConfig } from '../../../domain/config.js';
import { type Control, newControl } from '../../../domain/control.js';
import type { EndedByUs } from '../../../domain/endings/evidence.js';
import type { JournalEntry } from '../../../domain/journal.js';
import type { ToldShare } from '../../../domain/money/alerts.js';
import type { Decision } from '../../../domain/recovery.js';
import { type WatchMemory, newWatch } from '../../../domain/watch/memory.js';
import type { World } from '../world/world.js';
import type { Calls } from './calls.js';
import type { Decisions } from './decisions.js';
import type { Worker } from './worker.js';

/** The attempt that is submitted and not settled. */
export interface Open {
  readonly attempt: number;
  readonly jobName: string;
  readonly submittedAt: number;
  readonly resumedFrom: CheckpointRef | null;
  /** Name of its cluster. */
  readonly cluster: string;
  /** Why we are bringing it to its end; null while we are not. */
  readonly ending: EndedByUs | null;
}

/** What the workflow remembers; Temporal keeps it over every death of a worker. */
export interface State {
  /** Which workflow of the run this is; a new one after Temporal was lost. */
  readonly chain: string;
  sequence: number;
  unrecorded: JournalEntry[];
  phase: PhaseState;
  decision: Decision | null;
  open: Open | null;
  /** Cluster of the newest job; null before the first one. */
  lastCluster: string | null;
  watch: WatchMemory;
  control: Control;
  operator: Operator;
  /** What this workflow was asked. */
  readonly asked: Command[];
  held: boolean;
  /** When a hold ends by itself; Infinity: a person ends it. */
  heldUntil: number;
  ended: boolean;
  /** What share of the budget was told last. */
  budgetTold: ToldShare | null;
}

/** What an attempt's record does not tell of how it was settled. */
export interface Settled {
  readonly below: number | null;
  /** Virtual time at which the resume ladder read what there was. */
  readonly climbedAt: number;
  readonly phase: PhaseState;
  /** Whether it ended by itself after the watch had seen in its heartbeat that it was warned. */
  readonly warned: boolean;
}

/** Told what is decided, as it is decided: invariants listen. */
export interface Listener {
  submitting(open: Open): void;
  /** The submission has been answered. */
  submitted(): void;
  /** Something else than the supervisor takes its time: a person who is waited for, a pause, a Temporal that was lost. */
  delayed(): void;
  settled(record: AttemptRecord, how: Settled): void;
  retaining(phase: PhaseState): void;
  retained(phase: PhaseState): void;
  ended(by: EndedByUs, jobName: string): void;
}

/** Everything that the steps of a phase work with. */
export interface Context {
  readonly config: RunConfig;
  readonly world: World;
  readonly worker: Worker;
  readonly calls: Calls;
  readonly decisions: Decisions;
  readonly listener: Listener;
  readonly ownsCluster: boolean;
  readonly state: State;
}

export const newState = (chain: string): State => ({
  ...{ chain, sequence: 0, unrecorded: [] },
  phase: newPhase('p1'),
  decision: null,
  open: null,
  lastCluster: null,
  watch: newWatch(),
  control: newControl(0),
  operator: newOperator(),
  asked: [],
  held: false,
  heldUntil: Infinity,
  ended: false,
  budgetTold: null,
});

/** What a command is judged by. */
export const factsOf = ({ ended, open, held }: State): RunFacts => ({
  ...{ ended, jobName: open?.jobName ?? null, held },
  ...{ phases: ['p1'], phasesDone: [] },
});
