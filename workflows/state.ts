import { upsertMemo, workflowInfo } from '@temporalio/workflow';
import { type AttemptRecord, type PhaseState, newPhase, phaseState } from '../domain/attempts.js';
import type { RunConfig } from '../domain/config.js';
import { withDefaults } from '../domain/config-defaults.js';
import type { RunEvent, RunEventBody, StageName } from '../domain/events.js';
import type { JournalEntry } from '../domain/journal.js';
import { type Command, type Operator, type RunFacts, obey, withLater } from '../domain/commands.js';
import { noted } from '../domain/goodput/running.js';
import type { OperatorFacts, OperatorState } from '../domain/operator-details.js';
import { type RunPlan, planOf } from '../domain/plan.js';
import { classOf } from '../domain/watch/status.js';
import { type RunStatus, STATUS_MEMO } from '../domain/status.js';
import type { Place } from '../activities/deps.js';
import { moneyOf } from './money.js';
import { showAttributes, showDetails } from './operator-view.js';
import { azureCall } from './proxies.js';
import { tellReceiver } from './webhook.js';
import { type RunInput, type RunState, newState, taken } from './run-state.js';

const EVENTS_KEPT = 20;

/** A run in the workflow: its config, its state, and the one way to say what happened. */
export class Run {
  readonly config: RunConfig;
  readonly state: RunState;
  readonly place: Place;
  /** First execution run id of the workflow chain: tells our jobs from those of an older run of the same name. */
  readonly chain = workflowInfo().firstExecutionRunId;
  /** Grows with every command that is taken: what waits looks up. */
  commands = 0;
  /** What this execution was asked; a run that is taken up hears of its past only behind the first of it. */
  private readonly asked: Command[] = [];
  /** Whether this execution has its activity that hashes checkpoints. */
  hashing = false;
  private unrecorded: JournalEntry[] = [];

  constructor(readonly input: RunInput) {
    this.config = withDefaults(input.config);
    this.place = { run: workflowInfo().workflowId, azure: input.config.azure, storage: input.config.storage };
    this.state = input.state === undefined ? newState(input.config) : taken(input.state, input.config);
  }

  phase(name: string): PhaseState {
    const known = this.state.phases[name];
    return known === undefined ? newPhase(name) : phaseState(known);
  }

  /** Says what happened: in the queries and the Temporal UI at once, with the next `flush` in memo, search attributes and journal. */
  note(body: RunEventBody): void {
    const event: RunEvent = { ...body, sequence: ++this.state.sequence, at: Date.now() };
    this.state.events = [...this.state.events, event].slice(-EVENTS_KEPT);
    this.state.ledger = noted(this.state.ledger, event);
    this.unrecorded.push({ type: 'event', chain: this.chain, event });
    this.showDetails();
  }

  /** Shows the state in the Temporal UI at no cost; `note` does it, and the begin of an execution must. */
  showDetails(): void {
    showDetails(this.operatorFacts());
  }

  private operatorFacts(): OperatorFacts {
    return { status: this.status(), doing: this.doing(), seen: this.state.seen ?? null, next: this.plan().next };
  }

  /** Shows the state in memo and search attributes, for one history event each; `flush` does it, and who notes something without one must. */
  show(): void {
    upsertMemo({ [STATUS_MEMO]: this.status() });
    if (this.input.searchAttributes === true) showAttributes(this.operatorFacts());
  }

  /** Carries out an operator's command. @returns what changes, in words */
  obey(command: Command): string {
    const { operator, effect } = obey(command, this.state.operator, this.facts(), Date.now());
    this.state.operator = operator;
    this.commands++;
    this.asked.push(command);
    if (effect === null) return 'nothing changes by it';
    this.note({ kind: 'operator', command: command.kind, by: command.by, effect, asked: command });
    this.show();
    return effect;
  }

  /** Takes over what operators asked of the run before. */
  takeOver(operator: Operator): void {
    this.state.operator = withLater(operator, this.asked, this.facts(), Date.now());
  }

  /** What a command is judged by. */
  facts(): RunFacts {
    const { open, held, outcome, phases } = this.state;
    return {
      ended: outcome !== null,
      jobName: open?.jobName ?? null,
      held: held !== null,
      phases: this.config.phases.map(({ name }) => name),
      phasesDone: Object.values(phases).flatMap(({ name, done }) => (done ? [name] : [])),
      money: moneyOf(this),
    };
  }

  plan(): RunPlan {
    const { stage, stagesDone, open, operator, held, outcome } = this.state;
    const all: StageName[] = [
      ...(['preflight', 'data', 'infrastructure'] as const),
      ...this.config.phases.map(({ name }) => `phase:${name}` as const),
      'finalize',
    ];
    const stagesToCome = all.filter((name) => name !== stage && !stagesDone.includes(name));
    const phase = this.config.phases.find(({ name }) => `phase:${name}` === stage);
    const headStep = phase === undefined ? null : (this.phase(phase.name).head?.step ?? null);
    const steps = phase?.steps ?? null;
    return planOf({ stage, stagesToCome, jobName: open?.jobName ?? null, headStep, steps, operator, held, outcome });
  }

  /** What the status cannot say. */
  private doing(): OperatorState | null {
    const { open, held, operator } = this.state;
    if (held !== null) return 'holding';
    if (open === null) return operator.paused === null ? null : 'paused';
    const { status } = open.watch;
    return status !== null && classOf(status) === 'waiting' ? 'queued' : null;
  }

  keep(record: AttemptRecord): void {
    this.unrecorded.push({ type: 'attempt', chain: this.chain, record });
  }

  /** Shows what was noted, and writes it to the journal in Blob. */
  async flush(): Promise<void> {
    const entries = this.unrecorded;
    this.unrecorded = [];
    if (entries.length === 0) return;
    this.show();
    tellReceiver(this, entries);
    await azureCall.record({ place: this.place, entries });
  }

  status(): RunStatus {
    const { stage, stagesDone, open, events, outcome, because } = this.state;
    const phase = stage.startsWith('phase:') ? stage.slice('phase:'.length) : null;
    return {
      ...{ run: this.place.run, stage, stagesDone, startedAt: this.state.startedAt },
      phases: this.config.phases.map(({ name, steps, globalBatch }) => ({ name, steps, globalBatch })),
      phase,
      attempt: phase === null ? 0 : this.phase(phase).attempts,
      jobName: open?.jobName ?? null,
      head: phase === null ? null : this.phase(phase).head,
      ...{ outcome, because, events },
    };
  }
}
