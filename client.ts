import {
  Client,
  type Connection,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { RunConfig } from './domain/config.js';
import type { LedgerView } from './domain/goodput/running.js';
import type { RunKnowledge } from './domain/orphans.js';
import type { RunPlan } from './domain/plan.js';
import type { RunReport } from './domain/report.js';
import type { RunStatus, TrainingProgress } from './domain/status.js';
import { CONTROL_TASK_QUEUE } from './domain/task-queues.js';
import { type DataInput, DataWork } from './temporal/data.js';
import type { runWorkflow } from './workflows/index.js';
import { connect } from './temporal/connect.js';
import { type TemporalTarget, temporalTarget } from './temporal/connection.js';
import { knowledgeOf } from './temporal/knowledge.js';
import { NoWorkerError, RunError, nameIsTaken } from './temporal/run-error.js';
import { type Asked, RefusedError, UnansweredError, askRun, queryRun } from './temporal/ask.js';
import { configIn } from './temporal/run-config.js';
import { type Registration, lookForSearchAttributes } from './temporal/search-attributes.js';
import { type RunState, type RunView, describeRun } from './temporal/run-view.js';
import { workerPolls } from './temporal/workers.js';

export { NoWorkerError, RunError };
export type {
  Asked,
  LedgerView,
  RunConfig,
  RunPlan,
  RunReport,
  RunState,
  RunStatus,
  RunView,
  TrainingProgress,
  TemporalTarget,
};
export type * from './temporal/data.js';

/** Name of the workflow that other systems start with any Temporal client. */
export const RUN_WORKFLOW = 'runWorkflow';

/** Typed access to runs. Close it when done. */
export class BerthaClient {
  private registration: Promise<Registration> | undefined;

  private constructor(
    private readonly connection: Connection,
    private readonly client: Client,
    readonly target: TemporalTarget,
  ) {}

  /** @throws RunError with one sentence where the server does not answer */
  static async connect(target: TemporalTarget = temporalTarget('local')): Promise<BerthaClient> {
    const connection = await connect(target);
    return new BerthaClient(connection, new Client({ connection, namespace: target.namespace }), target);
  }

  close = (): Promise<void> => this.connection.close();

  /**
   * Starts a run; its name is the workflow id and used once.
   * @param options `continueRun`: take up a run of that name which exists in Blob
   * @throws RunError where a run of that name is running, or ended and `continueRun` is not set
   */
  async startRun(config: RunConfig, options: { continueRun?: boolean } = {}): Promise<string> {
    const continueRun = options.continueRun === true;
    const known = await this.findRun(config.name);
    if (known !== null && !continueRun) throw nameIsTaken(config.name, known.state);
    const searchAttributes = (await this.searchAttributes()).kind === 'registered';
    try {
      await this.client.workflow.start<typeof runWorkflow>(RUN_WORKFLOW, {
        workflowId: config.name,
        taskQueue: CONTROL_TASK_QUEUE,
        args: [{ config, searchAttributes, ...(continueRun ? { continueRun } : {}) }],
        workflowIdReusePolicy: continueRun ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
        staticSummary: `pretraining: ${config.phases.map(({ name, steps }) => `${name} ${steps} steps`).join(', ')}`,
      });
      return config.name;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) throw nameIsTaken(config.name, 'running');
      throw error;
    }
  }

  /** Plans, prepares, copies or verifies a dataset, without a run. */
  workOnData = (input: DataInput) => DataWork.begin(this.client, input);

  /** Asks what is under way for a dataset, without a run, to stop. @returns what was */
  cancelWorkOnData = (dataset: string) => DataWork.cancelAll(this.client, dataset);

  /** Whether runs can be found by the search attributes of domain/search-attributes.ts here; asked once, and never a reason to fail. */
  searchAttributes(): Promise<Registration> {
    this.registration ??= lookForSearchAttributes(this.connection, this.target.namespace);
    return this.registration;
  }

  /** @throws RunError where no run of that name exists */
  async getRun(run: string): Promise<RunView> {
    const found = await this.findRun(run);
    if (found === null)
      throw new RunError(`no run named "${run}" at ${this.target.address}; list them with: npx bertha ls`);
    return found;
  }

  /** All runs that Temporal still remembers, youngest first. */
  async listRuns(): Promise<RunView[]> {
    const views = await Promise.all((await this.runNames()).map((name) => this.findRun(name)));
    return views.filter((view) => view !== null).sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  }

  /**
   * Each of the commands below returns at once what changes by it, in words, and may be repeated: with the same `id` it is carried out once.
   * @throws RunError where the run does not exist or has ended, refuses it and says why, or where no worker runs that could take it
   */
  pauseRun = (run: string, as?: Asked) => this.ask(run, 'pause', {}, as);
  resumeRun = (run: string, as?: Asked) => this.ask(run, 'resume', {}, as);
  /** Ends the job and submits the next attempt at once; leaves a hold. */
  recoverRun = (run: string, as?: Asked) => this.ask(run, 'recoverNow', {}, as);
  /** @param every seconds or steps; neither: as the config says */
  setCheckpointInterval = (run: string, every: { seconds?: number; steps?: number }, as?: Asked) =>
    this.ask(run, 'setCheckpointInterval', every, as);
  /** @param at a time with its zone, as 2026-12-24T18:00:00Z; null for none */
  setDeadline = (run: string, at: string | null, as?: Asked) => this.ask(run, 'setDeadline', { at }, as);
  /** @param amount what all attempts may cost together, in the run's currency */
  setBudget = (run: string, amount: number, as?: Asked) => this.ask(run, 'setBudget', { amount }, as);
  /** @param window positions in the phase's sample order, `to` not included */
  skipWindow = (run: string, window: { phase: string; from: number; to: number }, as?: Asked) =>
    this.ask(run, 'skipWindow', window, as);

  /** Asks a run to stop: it ends its job, proves that it ended, writes its report. Needs no worker now; one must come for it to happen. */
  async cancelRun(run: string, as: Asked & { readonly reason?: string } = {}): Promise<string> {
    const { reason, ...asked } = as;
    try {
      return await this.ask(run, 'cancel', reason === undefined ? {} : { reason }, asked);
    } catch (error) {
      const noWorker = error instanceof NoWorkerError;
      // A run that an older release began knows no such update; Temporal's own cancel works with every run.
      const notKnown = error instanceof RunError && error.cause instanceof RefusedError;
      if (!noWorker && !notKnown) throw error;
      await this.handle(run).cancel();
      return `the job is ended and the report written${noWorker ? ' as soon as a worker runs' : ''}`;
    }
  }

  /** Has the watch of a run look at once. */
  async wakeRun(run: string): Promise<void> {
    await this.getRunning(run);
    await this.handle(run).signal('wakeUp');
  }

  /** What a run does next; null where no worker answers. */
  async planOf(run: string): Promise<RunPlan | null> {
    const { workerRuns } = await this.getRun(run);
    return workerRuns ? queryRun<RunPlan>(this.client, this.handle(run), 'plan') : null;
  }

  /** Where time and money of a run went so far; null where no worker answers. */
  async ledgerOf(run: string): Promise<LedgerView | null> {
    const { workerRuns } = await this.getRun(run);
    return workerRuns ? queryRun<LedgerView>(this.client, this.handle(run), 'ledger') : null;
  }

  /** Waits for the end of a run. @returns the report of a completed run @throws WorkflowFailedError for any other outcome */
  result = (run: string): Promise<RunReport> => this.handle(run).result();

  /** The event history of a run's newest execution. */
  history = (run: string): ReturnType<WorkflowHandle['fetchHistory']> => this.handle(run).fetchHistory();

  /** The config that a run was started with. */
  async configOf(run: string): Promise<RunConfig> {
    const config = await configIn(this.client, this.target.namespace, run);
    if (config === null) throw new RunError(`the history of run "${run}" holds no config`);
    return config;
  }

  /** Whether a run of that name lives, as far as this Temporal knows; a server that gives no answer is an answer too. Never throws. */
  async knowledgeOf(run: string): Promise<RunKnowledge> {
    return knowledgeOf(this.handle(run));
  }

  /** Names of the runs that Temporal remembers. @param which `live`: only those that have not ended */
  async runNames(which: 'all' | 'live' = 'all'): Promise<string[]> {
    const names = new Set<string>();
    const live = which === 'live' ? ` AND ExecutionStatus = 'Running'` : '';
    for await (const execution of this.client.workflow.list({ query: `WorkflowType = '${RUN_WORKFLOW}'${live}` }))
      names.add(execution.workflowId);
    return [...names];
  }

  private async ask(run: string, name: string, wish: object, { by, id }: Asked = {}): Promise<string> {
    const { workerRuns } = await this.getRunning(run);
    if (!workerRuns)
      throw new NoWorkerError(
        `no worker runs, so run "${run}" cannot take a command; start one with: npx bertha worker, and say it again`,
      );
    try {
      return await askRun(this.client, this.handle(run), {
        name,
        wish: { by: by ?? null, ...wish },
        ...(id && { id }),
      });
    } catch (cause) {
      if (cause instanceof RefusedError) throw new RunError(`run "${run}" refused: ${cause.message}`, { cause });
      if (cause instanceof UnansweredError)
        throw new NoWorkerError(
          `${cause.message}: run "${run}" takes the command when one comes, or did already; look with: npx bertha show ${run}`,
          { cause },
        );
      if (cause instanceof WorkflowNotFoundError) await this.getRunning(run);
      throw cause;
    }
  }

  private async getRunning(run: string): Promise<RunView> {
    const view = await this.getRun(run);
    if (view.state === 'running') return view;
    throw new RunError(
      `run "${run}" has ended already (${view.state}); read its report with: npx bertha report ${run}`,
    );
  }

  private handle(run: string): WorkflowHandle<typeof runWorkflow> {
    return this.client.workflow.getHandle<typeof runWorkflow>(run);
  }

  private async findRun(run: string): Promise<RunView | null> {
    try {
      const [description, workerRuns] = await Promise.all([
        this.handle(run).describe(),
        workerPolls(this.client, this.target.namespace),
      ]);
      return describeRun(run, description, workerRuns);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }
}
