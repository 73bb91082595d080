import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Context } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Worker, type WorkflowBundle, bundleWorkflowCode } from '@temporalio/worker';
import { ActivityInterceptor } from '../../../activities/interceptor.js';
import { createControlActivities, createDataActivities } from '../../../activities/index.js';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from '../../../domain/task-queues.js';
import { bundleOptions } from '../../../temporal/bundle-options.js';
import { startServer } from '../../workflows/server.js';
import { quiet } from '../../workflows/suite.js';
import { dispatch } from './dispatch.js';
import type { Simulated } from './simulated.js';

const PATIENCE_MS = 5_000;

/** A time-skipping server with workers for simulated runs, one at a time: its clock is everybody's. */
export class SimulationServer {
  private constructor(
    readonly env: TestWorkflowEnvironment,
    /** By the run's name; who plays one puts it here before. */
    readonly sims: Map<string, Simulated>,
    private readonly workers: readonly Worker[],
    private readonly running: Promise<unknown>,
  ) {}

  static async start(): Promise<SimulationServer> {
    quiet();
    const env = await startServer('time-skipping');
    const workflowBundle = await bundled();
    const sims = new Map<string, Simulated>();
    const activities = dispatch(sims, activityNames(), () => env.currentTimeMs());
    const connection = env.nativeConnection;
    // Cancellations come with the answers to heartbeats.
    const punctual = { maxHeartbeatThrottleInterval: '10ms', defaultHeartbeatThrottleInterval: '10ms' } as const;
    const interceptors = { activity: [(context: Context) => ({ inbound: new ActivityInterceptor(context) })] };
    const options = { connection, activities, interceptors, ...punctual };
    const workers = [
      await Worker.create({ ...options, taskQueue: CONTROL_TASK_QUEUE, workflowBundle }),
      await Worker.create({ ...options, taskQueue: DATA_TASK_QUEUE }),
    ];
    return new SimulationServer(env, sims, workers, Promise.all(workers.map((worker) => worker.run())));
  }

  /** On a server that stalled a worker may wait for ever, and a server that is waited upon ignores the signal that the SDK sends it. */
  async close(): Promise<void> {
    for (const worker of this.workers) worker.shutdown();
    await Promise.race([this.running, sleep(PATIENCE_MS)]);
    const isOver = this.env.teardown().then(() => true);
    if (await Promise.race([isOver, sleep(PATIENCE_MS, false)])) return;
    for (const pid of await processesOf(this.env.address)) process.kill(pid, 'SIGKILL');
    await Promise.race([isOver, sleep(PATIENCE_MS)]);
  }
}

/** Processes that we started and that serve at an address: the SDK does not tell which they are. */
async function processesOf(address: string): Promise<number[]> {
  const port = address.slice(address.lastIndexOf(':') + 1);
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...words]) => Number(parent) === process.pid && words.includes(port))
    .map(([pid]) => Number(pid));
}

function activityNames(): string[] {
  const deps = {} as Parameters<typeof createControlActivities>[0];
  return Object.keys({ ...createControlActivities(deps), ...createDataActivities(deps) });
}

let bundle: Promise<WorkflowBundle> | undefined;

function bundled(): Promise<WorkflowBundle> {
  const workflowsPath = fileURLToPath(new URL('./bundled.js', import.meta.url));
  bundle ??= bundleWorkflowCode({ ...bundleOptions(workflowsPath), logger: new DefaultLogger('ERROR') });
  return bundle;
}
