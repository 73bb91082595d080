import { upsertMemo, workflowInfo } from '@temporalio/workflow';
import { type AttemptRecord, type PhaseState, newPhase } from '../domain/attempts.js';
import type { CheckpointRef } from '../domain/checkpoints.js';
import { type RunConfig, withDefaults } from '../domain/config.js';
import type { RunEvent, RunEventBody, RunOutcome, StageName } from '../domain/events.js';
import type { JournalEntry } from '../domain/journal.js';
import type { RunReport } from '../domain/report.js';
import { type RunStatus, STATUS_MEMO, type TrainingProgress } from '../domain/status.js';
import type { Place } from '../activities/deps.js';
import { showOperator } from './operator-view.js';
import { azureCall } from './proxies.js';

/** Argument of `runWorkflow`; other systems send what stands before `state`, all but the config optional. */
export interface RunInput {
  readonly config: RunConfig;
  /** Take up a run of this name that exists in Blob: same lineage, attempts numbered on. */
  readonly continueRun?: boolean;
  /** True where the search attributes of domain/search-attributes.ts are registered in the namespace; absent: not used. */
  readonly searchAttributes?: boolean;
  /** Set by the workflow itself when it continues as new. */
  readonly state?: RunState;
}

/** The attempt that is submitted and not settled. */
export interface OpenAttempt {
  readonly phase: string;
  readonly attempt: number;
  readonly jobName: string;
  readonly submittedAt: number;
  readonly resumedFrom: CheckpointRef | null;
}

/** Everything a run remembers between workflow executions; small, because the journal in Blob holds the rest. */
export interface RunState {
  startedAt: number;
  /** True once the run's name is ours in Blob. */
  claimed: boolean;
  stage: StageName;
  stagesDone: StageName[];
  sequence: number;
  events: RunEvent[];
  phases: Record<string, PhaseState>;
  open: OpenAttempt | null;
  /** What the last watch segment saw of the open job; only for an operator's eyes. */
  seen?: TrainingProgress;
  region: string | null;
  currency: string;
  pricePerNodeHour: number | null;
  dataset: { name: string; contentId: string; folder: string } | null;
  codeId: string | null;
  environmentId: string | null;
  ownsCluster: boolean;
  model: RunReport['model'];
  outcome: RunOutcome | null;
  because: string | null;
}

const EVENTS_KEPT = 20;

/** A run in the workflow: its config, its state, and the one way to say what happened. */
export class Run {
  readonly config: RunConfig;
  readonly state: RunState;
  readonly place: Place;
  /** First execution run id of the workflow chain: tells our jobs from those of an older run of the same name. */
  readonly chain = workflowInfo().firstExecutionRunId;
  private unrecorded: JournalEntry[] = [];

  constructor(readonly input: RunInput) {
    this.config = withDefaults(input.config);
    this.place = { run: workflowInfo().workflowId, azure: input.config.azure, storage: input.config.storage };
    this.state = input.state ?? newState(input.config);
  }

  phase(name: string): PhaseState {
    return this.state.phases[name] ?? newPhase(name);
  }

  /** Says what happened: in the status query, in the memo, and with the next `flush` in the journal. */
  note(body: RunEventBody): void {
    const event: RunEvent = { ...body, sequence: ++this.state.sequence, at: Date.now() };
    this.state.events = [...this.state.events, event].slice(-EVENTS_KEPT);
    this.unrecorded.push({ type: 'event', chain: this.chain, event });
    upsertMemo({ [STATUS_MEMO]: this.status() });
    this.show();
  }

  /** Shows the state in the Temporal UI; `note` does it, and the begin of an execution must. */
  show(): void {
    showOperator({ status: this.status(), seen: this.state.seen ?? null }, this.input.searchAttributes === true);
  }

  keep(record: AttemptRecord): void {
    this.unrecorded.push({ type: 'attempt', chain: this.chain, record });
  }

  /** Writes what was noted to the journal in Blob. */
  async flush(): Promise<void> {
    const entries = this.unrecorded;
    this.unrecorded = [];
    if (entries.length > 0) await azureCall.record({ place: this.place, entries });
  }

  status(): RunStatus {
    const { stage, stagesDone, open, events, outcome, because } = this.state;
    const phase = stage.startsWith('phase:') ? stage.slice('phase:'.length) : null;
    return {
      run: this.place.run,
      stage,
      stagesDone,
      startedAt: this.state.startedAt,
      phases: this.config.phases.map(({ name, steps, globalBatch }) => ({ name, steps, globalBatch })),
      phase,
      attempt: phase === null ? 0 : this.phase(phase).attempts,
      jobName: open?.jobName ?? null,
      head: phase === null ? null : this.phase(phase).head,
      outcome,
      because,
      events,
    };
  }
}

function newState(config: RunConfig): RunState {
  return {
    startedAt: Date.now(),
    claimed: false,
    stage: 'preflight',
    stagesDone: [],
    sequence: 0,
    events: [],
    phases: Object.fromEntries(config.phases.map(({ name }) => [name, newPhase(name)])),
    open: null,
    region: null,
    currency: 'USD',
    pricePerNodeHour: null,
    dataset: null,
    codeId: null,
    environmentId: null,
    ownsCluster: false,
    model: null,
    outcome: null,
    because: null,
  };
}
