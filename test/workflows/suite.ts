import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  DefaultLogger,
  Runtime,
  Worker,
  type WorkerOptions,
  type WorkflowBundle,
  bundleWorkflowCode,
  makeTelemetryFilterString,
} from '@temporalio/worker';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from '../../domain/task-queues.js';
import type { runWorkflow } from '../../workflows/index.js';
import type { RunInput } from '../../workflows/run-state.js';
import { type ConfigChanges, configWith } from '../domain/samples.js';
import { bundleOptions } from '../../temporal/bundle-options.js';
import { findSecrets } from '../house/secrets.js';
import { historiesOf } from './executions.js';
import { type AnyActivities, type FakeAzure, dispatch } from './fake/index.js';
import { type ServerKind, startServer } from './server.js';

export type RunHandle = WorkflowHandleWithFirstExecutionRunId<typeof runWorkflow>;

/** A Temporal server for the tests of the `describe` in whose body this is called: started before them, ended behind them. */
export function useServer(kind: ServerKind = 'time-skipping', workerOptions: Partial<WorkerOptions> = {}): Suite {
  const suite = new Suite(kind, workerOptions);
  before(() => suite.open());
  after(async () => {
    try {
      await suite.provesToHoldNoSecret();
    } finally {
      await suite.close();
    }
  });
  return suite;
}

/** A server with workers; each run has a workspace of its own, found by the run's name. */
export class Suite {
  private readonly workspaces = new Map<string, FakeAzure>();
  private server: TestWorkflowEnvironment | undefined;
  private workers: Worker[] = [];
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly kind: ServerKind,
    private readonly workerOptions: Partial<WorkerOptions> = {},
  ) {}

  get env(): TestWorkflowEnvironment {
    if (this.server === undefined) throw new Error('the server is not open');
    return this.server;
  }

  async open(): Promise<void> {
    quiet();
    this.server = await startServer(this.kind);
    await this.startWorkers();
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await this.server?.teardown();
  }

  async startWorkers(): Promise<void> {
    const connection = this.env.nativeConnection;
    const workflowBundle = await currentBundle();
    const activities: AnyActivities = dispatch((run) => this.workspaces.get(run));
    this.workers = [
      await Worker.create({
        ...{ connection, taskQueue: CONTROL_TASK_QUEUE, workflowBundle, activities },
        ...this.workerOptions,
      }),
      await Worker.create({ connection, taskQueue: DATA_TASK_QUEUE, activities }),
    ];
    this.running = Promise.all(this.workers.map((worker) => worker.run()));
  }

  /** Nobody works on any run until `startWorkers`; workflows that were in memory are replayed then. */
  async stopWorkers(): Promise<void> {
    for (const worker of this.workers) worker.shutdown();
    this.workers = [];
    await this.running;
  }

  /** Whatever a test made a run do, its histories may hold no secret. */
  async provesToHoldNoSecret(): Promise<void> {
    for (const run of this.workspaces.keys()) {
      const text = JSON.stringify(await historiesOf(this.env.client, run));
      assert.match(text, /"data":"[A-Za-z0-9+/=]{100,}"/, `the payloads of run ${run} can be read`);
      assert.deepEqual(findSecrets(text), [], `history of run ${run}`);
    }
  }

  /** Starts a run in the given workspace. @param options.over config fields other than the sample's */
  async start(
    azure: FakeAzure,
    options: { over?: ConfigChanges; name?: string; continueRun?: boolean; searchAttributes?: boolean } = {},
  ): Promise<RunHandle> {
    const name = options.name ?? `run-${randomBytes(4).toString('hex')}`;
    const continued = options.continueRun === true ? { continueRun: true } : {};
    const searchable = options.searchAttributes === undefined ? {} : { searchAttributes: options.searchAttributes };
    return this.takeOver(azure, { config: configWith({ ...options.over, name }), ...continued, ...searchable });
  }

  /** Gives a workflow that is no run the workspace that its activities meet. */
  know(name: string, azure: FakeAzure): void {
    this.workspaces.set(name, azure);
  }

  /** Starts a run with an input of one's own, a state that an earlier execution left among them. */
  async takeOver(azure: FakeAzure, input: RunInput, options: { startDelay?: '1s' } = {}): Promise<RunHandle> {
    const { name } = input.config;
    this.workspaces.set(name, azure);
    return this.env.client.workflow.start<typeof runWorkflow>('runWorkflow', {
      workflowId: name,
      taskQueue: CONTROL_TASK_QUEUE,
      args: [input],
      ...options,
    });
  }
}

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflows as they are now, bundled once for all suites of the process. */
export function currentBundle(): Promise<WorkflowBundle> {
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.js', import.meta.url));
  bundle ??= bundleWorkflowCode({ ...bundleOptions(workflowsPath), logger: new DefaultLogger('ERROR') });
  return bundle;
}

let installed = false;

/** Runs that fail on purpose are warnings to the SDK; they would bury the results. */
export function quiet(): void {
  if (installed) return;
  installed = true;
  const logging = { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} };
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [], telemetryOptions: { logging } });
}
