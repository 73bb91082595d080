import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundle,
  bundleWorkflowCode,
  makeTelemetryFilterString,
} from '@temporalio/worker';
import { type RunConfig } from '../../domain/config.js';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from '../../domain/task-queues.js';
import type { runWorkflow } from '../../workflows/index.js';
import type { RunInput } from '../../workflows/state.js';
import { config as sampleConfig } from '../domain/samples.js';
import { fakeActivities } from './fake/activities.js';
import type { FakeAzure } from './fake/azure.js';
import { testServer } from './server.js';

export type RunHandle = WorkflowHandle<typeof runWorkflow>;

/** A time-skipping server with one worker for a whole suite; each run of it has a workspace of its own, found by the run's name. */
export class Suite {
  private readonly workspaces = new Map<string, FakeAzure>();

  private constructor(
    readonly env: TestWorkflowEnvironment,
    private workers: Worker[] = [],
    private running: Promise<unknown> = Promise.resolve(),
  ) {}

  static async open(): Promise<Suite> {
    quiet();
    const path = testServer();
    const [env, workflowBundle] = await Promise.all([
      TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }),
      currentBundle(),
    ]);
    const suite = new Suite(env);
    const activities = suite.activities();
    const connection = env.nativeConnection;
    suite.workers = [
      await Worker.create({ connection, taskQueue: CONTROL_TASK_QUEUE, workflowBundle, activities }),
      await Worker.create({ connection, taskQueue: DATA_TASK_QUEUE, activities }),
    ];
    suite.running = Promise.all(suite.workers.map((worker) => worker.run()));
    return suite;
  }

  async close(): Promise<void> {
    for (const worker of this.workers) worker.shutdown();
    await this.running;
    await this.env.teardown();
  }

  /** Starts a run of its own name in the given workspace. @param over config fields other than the sample's */
  async start(
    azure: FakeAzure,
    options: { over?: Partial<RunConfig>; name?: string; continueRun?: boolean } = {},
  ): Promise<RunHandle> {
    const name = options.name ?? `run-${randomBytes(4).toString('hex')}`;
    this.workspaces.set(name, azure);
    const input: RunInput = {
      config: { ...sampleConfig(), ...options.over, name },
      ...(options.continueRun === true ? { continueRun: true } : {}),
    };
    return this.env.client.workflow.start<typeof runWorkflow>('runWorkflow', {
      workflowId: name,
      taskQueue: CONTROL_TASK_QUEUE,
      args: [input],
    });
  }

  /** Every activity finds its workspace by the run's name, and is written down there. */
  private activities(): Record<string, (request: { place: { run: string } }) => Promise<unknown>> {
    const names = Object.keys(fakeActivities(undefined as unknown as FakeAzure)) as (keyof ReturnType<
      typeof fakeActivities
    >)[];
    const dispatch =
      (name: (typeof names)[number]) => async (request: { place: { run: string }; jobName?: string }) => {
        const azure = this.workspaces.get(request.place.run);
        if (azure === undefined) throw new Error(`no workspace for run ${request.place.run}`);
        azure.calls.push(request.jobName === undefined ? name : `${name} ${request.jobName}`);
        if (name !== 'watchJob') await azure.onCall(name);
        return (fakeActivities(azure)[name] as (request: unknown) => Promise<unknown>)(request);
      };
    return Object.fromEntries(names.map((name) => [name, dispatch(name)]));
  }
}

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflows as they are now, bundled once for all suites of the process. */
export function currentBundle(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/index.js', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  return bundle;
}

let installed = false;

/** Runs that fail on purpose are warnings to the SDK; they would bury the results. */
export function quiet(): void {
  if (installed) return;
  installed = true;
  const logger = new DefaultLogger('ERROR');
  Runtime.install({
    logger,
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
  });
}
