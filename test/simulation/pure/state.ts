import { type AttemptRecord, type PhaseState, newPhase } from '../../../domain/attempts.js';
import type { CheckpointRef } from '../../../domain/checkpoints.js';
import { type Operator, newOperator, operatorAfter } from '../../../domain/commands.js';
import type { RunConfig } from '../../../domain/config.js';
import { type Control, newControl } from '../../../domain/control.js';
import type { EndedByUs } from '../../../domain/endings/evidence.js';
import { phaseFromRecords } from '../../../domain/from-records.js';
import { attemptNumber } from '../../../domain/names.js';
import type { Decision } from '../../../domain/recovery.js';
import { type WatchMemory, newWatch } from '../../../domain/watch/memory.js';
import type { World } from '../world/world.js';
import type { Calls } from './calls.js';
import type { Worker } from './worker.js';

/** The attempt that is submitted and not settled. */
export interface Open {
  readonly attempt: number;
  readonly jobName: string;
  readonly submittedAt: number;
  readonly resumedFrom: CheckpointRef | null;
  /** Why we are bringing it to its end; null while we are not. */
  readonly ending: EndedByUs | null;
}

/** What the workflow remembers; Temporal keeps it over every death of a worker. */
export interface State {
  phase: PhaseState;
  decision: Decision | null;
  open: Open | null;
  watch: WatchMemory;
  control: Control;
  operator: Operator;
  held: boolean;
  ended: boolean;
}

/** What an attempt's record does not tell of how it was settled. */
export interface Settled {
  readonly below: number | null;
  /** Virtual time at which the resume ladder read what there was. */
  readonly climbedAt: number;
  readonly phase: PhaseState;
  readonly lineageBefore: PhaseState['lineage'];
}

/** Told what is decided, as it is decided: invariants listen. */
export interface Listener {
  submitted(open: Open): void;
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
  readonly listener: Listener;
  readonly ownsCluster: boolean;
  readonly state: State;
}

export const newState = (): State => ({
  phase: newPhase('p1'),
  decision: null,
  open: null,
  watch: newWatch(),
  control: newControl(0),
  operator: newOperator(),
  held: false,
  ended: false,
});

/** What is left when Temporal has forgotten everything: the journal and the checkpoints in storage, jobs with our tags in the workspace. */
export function takenUp(config: RunConfig, { storage, jobs, now }: World): State {
  const { phase, decision } = phaseFromRecords(config, 'p1', storage.journal);
  const state = { ...newState(), phase, decision, operator: operatorAfter(storage.commands), control: newControl(now) };
  const youngest = jobs.at(-1);
  const attempt = attemptNumber(youngest?.request.attempt ?? '');
  if (youngest === undefined || storage.journal.some((record) => record.attempt === attempt)) return state;
  const { name, resume } = youngest.request;
  const ending = storage.endingsAsked.get(name) ?? null;
  const open = { attempt, jobName: name, submittedAt: youngest.submittedAt, resumedFrom: resume, ending };
  return { ...state, phase: { ...phase, attempts: attempt }, open };
}
