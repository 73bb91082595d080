import {
  Client,
  Connection,
  type WorkflowExecutionDescription,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { RunConfig } from './domain/config.js';
import type { RunKnowledge } from './domain/orphans.js';
import type { RunReport } from './domain/report.js';
import { type RunStatus, STATUS_MEMO, type TrainingProgress, type WatchDetails } from './domain/status.js';
import { CONTROL_TASK_QUEUE } from './domain/task-queues.js';
import type { runWorkflow } from './workflows/index.js';
import { type TemporalTarget, temporalTarget } from './temporal/connection.js';
import { type Registration, lookForSearchAttributes } from './temporal/search-attributes.js';

export type { RunConfig, RunReport, RunStatus, TrainingProgress, TemporalTarget };

/** Name of the workflow that other systems start with any Temporal client. */
export const RUN_WORKFLOW = 'runWorkflow';

/** State of a run as Temporal knows it. */
export type RunState = 'running' | 'completed' | 'failed' | 'canceled' | 'terminated' | 'timed-out';

/** A run as seen from outside by one DescribeWorkflowExecution: no worker needs to run for it. */
export interface RunView {
  readonly run: string;
  readonly state: RunState;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** What the run last said of itself; null before its first words. */
  readonly status: RunStatus | null;
  /** What the watch last saw of the job; null while no job is watched. */
  readonly progress: TrainingProgress | null;
  /** False where no worker polls for workflow tasks: the run waits, nothing is lost. */
  readonly workerRuns: boolean;
}

/** A run that cannot be found, started or steered; the message says what to do. */
export class RunError extends Error {}

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
    try {
      const connection = await Connection.connect({
        address: target.address,
        connectTimeout: '5 seconds',
        ...(target.options as object),
      });
      return new BerthaClient(connection, new Client({ connection, namespace: target.namespace }), target);
    } catch (cause) {
      const hint =
        target.from === 'environment'
          ? 'check TEMPORAL_ADDRESS and its TLS or API key'
          : 'start the local stack with: npx bertha up';
      throw new RunError(`no Temporal server answers at ${target.address}; ${hint}`, { cause });
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /**
   * Starts a run; its name is the workflow id and used once.
   * @param options `continueRun`: take up a run of that name which exists in Blob
   * @throws RunError where a run of that name is running, or ended and `continueRun` is not set
   */
  async startRun(config: RunConfig, options: { continueRun?: boolean } = {}): Promise<string> {
    const continueRun = options.continueRun === true;
    const known = await this.findRun(config.name);
    if (known !== null && !continueRun) throw new RunError(nameIsTaken(config.name, known.state));
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
      if (error instanceof WorkflowExecutionAlreadyStartedError)
        throw new RunError(nameIsTaken(config.name, 'running'));
      throw error;
    }
  }

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

  /** Asks a run to stop: it cancels its job, proves that it ended, writes its report. Returns at once. */
  async cancelRun(run: string): Promise<void> {
    const view = await this.getRun(run);
    if (view.state !== 'running')
      throw new RunError(
        `run "${run}" has ended already (${view.state}); read its report with: npx bertha report ${run}`,
      );
    await this.handle(run).cancel();
  }

  /** Waits for the end of a run. @returns the report of a completed run @throws WorkflowFailedError for any other outcome */
  async result(run: string): Promise<RunReport> {
    return this.handle(run).result();
  }

  /** The event history of a run's newest execution. */
  async history(run: string): Promise<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>> {
    return this.handle(run).fetchHistory();
  }

  /** The config that a run was started with. */
  async configOf(run: string): Promise<RunConfig> {
    const { history } = await this.client.workflowService.getWorkflowExecutionHistory({
      namespace: this.target.namespace,
      execution: { workflowId: run },
      maximumPageSize: 1,
    });
    const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    if (payload === undefined || payload === null) throw new RunError(`the history of run "${run}" holds no config`);
    return defaultPayloadConverter.fromPayload<{ config: RunConfig }>(payload).config;
  }

  /** Whether a run of that name lives, as far as this Temporal knows; a server that gives no answer is an answer too. Never throws. */
  async knowledgeOf(run: string): Promise<RunKnowledge> {
    try {
      const { name } = (await this.handle(run).describe()).status;
      const how = ENDED[name];
      return how === undefined ? { kind: 'live' } : { kind: 'ended', how };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { kind: 'not-known' };
      return { kind: 'unanswered', because: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Names of the runs that Temporal remembers. @param which `live`: only those that have not ended */
  async runNames(which: 'all' | 'live' = 'all'): Promise<string[]> {
    const names = new Set<string>();
    const live = which === 'live' ? ` AND ExecutionStatus = 'Running'` : '';
    for await (const execution of this.client.workflow.list({ query: `WorkflowType = '${RUN_WORKFLOW}'${live}` }))
      names.add(execution.workflowId);
    return [...names];
  }

  private handle(run: string): WorkflowHandle<typeof runWorkflow> {
    return this.client.workflow.getHandle<typeof runWorkflow>(run);
  }

  private async findRun(run: string): Promise<RunView | null> {
    try {
      const [description, workerRuns] = await Promise.all([this.handle(run).describe(), this.pollersExist()]);
      return describeRun(run, description, workerRuns);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  private async pollersExist(): Promise<boolean> {
    const answer = await this.client.workflowService.describeTaskQueue({
      namespace: this.target.namespace,
      taskQueue: { name: CONTROL_TASK_QUEUE },
      taskQueueType: 1,
    });
    const recently = Date.now() - 70_000;
    return (answer.pollers ?? []).some((poller) => Number(poller.lastAccessTime?.seconds ?? 0) * 1000 > recently);
  }
}

/** How a run can have ended, by the server's word for it; whatever is none of these may still live. */
const ENDED: Readonly<Record<string, Exclude<RunState, 'running'>>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'canceled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

function describeRun(run: string, description: WorkflowExecutionDescription, workerRuns: boolean): RunView {
  const watch = description.raw.pendingActivities?.find((activity) => activity.activityType?.name === 'watchJob');
  const details = watch?.heartbeatDetails?.payloads?.[0];
  const status = (description.memo?.[STATUS_MEMO] as RunStatus | undefined) ?? null;
  return {
    run,
    state: ENDED[description.status.name] ?? 'running',
    startedAt: status === null ? description.startTime : new Date(status.startedAt),
    endedAt: description.closeTime ?? null,
    status,
    progress:
      details === undefined || details === null
        ? null
        : defaultPayloadConverter.fromPayload<WatchDetails>(details).progress,
    workerRuns,
  };
}

function nameIsTaken(run: string, state: RunState): string {
  return state === 'running'
    ? `a run named "${run}" is running; look at it with: npx bertha show ${run}, or choose another name`
    : `a run named "${run}" exists already (${state}); choose another name, or go on with it: npx bertha start --continue`;
}
