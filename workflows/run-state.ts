import { type PhaseState, type BegunAttempt, newPhase } from '../domain/attempts.js';
import type { RunConfig } from '../domain/config.js';
import type { RunEvent, RunOutcome, StageName } from '../domain/events.js';
import { type Operator, newOperator } from '../domain/commands.js';
import { type Control, newControl } from '../domain/control.js';
import type { EndedByUs } from '../domain/endings/evidence.js';
import { type RunningLedger, newLedger } from '../domain/goodput/running.js';
import { type Measured, newMeasured } from '../domain/interval/measured.js';
import { type WatchMemory, newWatch } from '../domain/watch/memory.js';
import type { ToldShare } from '../domain/money/alerts.js';
import type { WebhookMessage } from '../domain/webhook/message.js';
import type { RunReport } from '../domain/report.js';
import type { TrainingProgress } from '../domain/status.js';

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
export interface OpenAttempt extends BegunAttempt {
  /** The checkpoint interval that was chosen for it; absent where the config says one. */
  readonly intervalSeconds?: number;
  /** What the trainer is told. */
  control: Control;
  /** What the watch saw so far. */
  watch: WatchMemory;
  /** Set while we end it. */
  stopping: EndedByUs | null;
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
  /** Where time and money went so far. */
  ledger: RunningLedger;
  /** What checkpoint intervals are chosen by. */
  measured: Measured;
  phases: Record<string, PhaseState>;
  open: OpenAttempt | null;
  /** What the last watch segment saw of the open job; only for an operator's eyes. */
  seen?: TrainingProgress;
  /** When checkpoints that nobody needs were last let go, epoch milliseconds; absent before. */
  removedAt?: number;
  operator: Operator;
  /** Why the run waits for a person; null while it does not. */
  held: string | null;
  /** When it no longer waits for one, for its deadline, epoch milliseconds; absent or null: it waits. */
  heldUntil?: number | null;
  region: string | null;
  currency: string;
  pricePerNodeHour: number | null;
  dedicatedPricePerNodeHour?: number | null;
  /** What share of the budget a person was told of last; absent before. */
  budgetTold?: ToldShare | null;
  /** Messages that the webhook is not known to have taken; absent before the first one. */
  untold?: readonly WebhookMessage[];
  dataset: { name: string; contentId: string; folder: string } | null;
  codeId: string | null;
  environmentId: string | null;
  ownsCluster: boolean;
  /** Of the other clusters those that jobs went to: whether the run made them, and whether they are there. */
  alternatives?: Readonly<Record<string, { readonly ours: boolean; readonly isThere: boolean }>>;
  /** Prices of a node and hour of the other clusters, by name. */
  alternativePrices?: Readonly<Record<string, number | null>>;
  /** Cluster that the newest job went to; absent before the first one. */
  lastCluster?: string;
  /** Set where the cluster had to be deleted with a job on it, until it is made again. */
  clusterGone?: boolean;
  model: RunReport['model'];
  /** Set while a run that failed or was canceled stops what it still has. */
  ending: EarlyEnd | null;
  outcome: RunOutcome | null;
  because: string | null;
}

/** How a run ends before its last stage. */
export interface EarlyEnd {
  readonly outcome: Exclude<RunOutcome, 'completed'>;
  readonly because: string;
}

/** What open attempts of the first release do not have. */
type Later = 'control' | 'watch' | 'stopping';

/** The state that an execution left, which may have been of an older release and lack what came later. */
export function taken(left: RunState, config: RunConfig): RunState {
  const state = { ...newState(config), ...left };
  const open: (Omit<OpenAttempt, Later> & Partial<Pick<OpenAttempt, Later>>) | null = state.open;
  if (open === null) return state;
  return { ...state, open: { control: newControl(open.submittedAt), watch: newWatch(), stopping: null, ...open } };
}

/** The state of a run that begins. */
export function newState(config: RunConfig): RunState {
  return {
    startedAt: Date.now(),
    claimed: false,
    stage: 'preflight',
    stagesDone: [],
    sequence: 0,
    events: [],
    ledger: newLedger(Date.now()),
    measured: newMeasured(),
    phases: Object.fromEntries(config.phases.map(({ name }) => [name, newPhase(name)])),
    open: null,
    operator: newOperator(),
    held: null,
    region: null,
    currency: 'USD',
    pricePerNodeHour: null,
    dataset: null,
    ...{ codeId: null, environmentId: null },
    ownsCluster: false,
    model: null,
    ending: null,
    outcome: null,
    because: null,
  };
}
