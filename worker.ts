import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  NativeConnection,
  Runtime,
  DefaultLogger,
  Worker,
  type WorkerOptions,
  makeTelemetryFilterString,
} from '@temporalio/worker';
import { type ControlActivities, createControlActivities, createDataActivities } from './activities/index.js';
import type { Deps } from './activities/deps.js';
import { ActivityInterceptor } from './activities/interceptor.js';
import { resolveCloud } from './azure/clouds.js';
import { type AzureConnection, connectAzure } from './azure/connection.js';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from './domain/task-queues.js';
import { bertha, installation } from './installation.js';
import { type TemporalTarget, temporalTarget } from './temporal/connection.js';

/** How long activities may end in peace after SIGTERM before they are abandoned and repeated elsewhere. */
const SHUTDOWN_GRACE = '10 seconds' as const;

export interface WorkerSettings {
  readonly target: TemporalTarget;
  /** Which queues to serve: control needs little memory, data needs CPU and bandwidth. */
  readonly queues: readonly ('control' | 'data')[];
  /** Lays something around the control activities; tests kill the worker inside of one. */
  readonly around?: (activities: ControlActivities) => ControlActivities;
  /** Called when the worker polls; absent: printed. */
  readonly announce?: (sentence: string) => void;
}

/** Runs a worker until SIGTERM or SIGINT. One process may serve both queues; in production each scales alone. */
export async function runWorker(settings: WorkerSettings): Promise<void> {
  Runtime.install({
    logger: new DefaultLogger('WARN'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} } },
    shutdownSignals: ['SIGINT', 'SIGTERM'],
  });
  const { address, namespace, options } = settings.target;
  const connection = await NativeConnection.connect({ address, ...options });
  try {
    const deps = makeDeps();
    const workers = await Promise.all(
      settings.queues.map((queue) => Worker.create(queueOptions(queue, settings, deps, connection))),
    );
    const announce = settings.announce ?? console.log;
    announce(`worker ${process.pid} serves ${settings.queues.join(' and ')} at ${address} (namespace ${namespace})`);
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await connection.close();
  }
}

/** Dependencies of the activities: connections are made once per workspace and kept. */
export function makeDeps(): Deps {
  const connections = new Map<string, AzureConnection>();
  const scratch = bertha('scratch');
  mkdirSync(scratch, { recursive: true });
  return {
    installation,
    scratch,
    connection(target) {
      // The endpoints are part of the key: a local stack that was started anew has other ports.
      const key = JSON.stringify([target, resolveCloud(target.cloud)]);
      const known = connections.get(key);
      if (known !== undefined) return known;
      const made = connectAzure(target);
      connections.set(key, made);
      return made;
    },
  };
}

function queueOptions(
  queue: 'control' | 'data',
  settings: WorkerSettings,
  deps: Deps,
  connection: NativeConnection,
): WorkerOptions {
  const shared = {
    connection,
    namespace: settings.target.namespace,
    shutdownGraceTime: SHUTDOWN_GRACE,
    interceptors: {
      activity: [
        (context: ConstructorParameters<typeof ActivityInterceptor>[0]) => ({
          inbound: new ActivityInterceptor(context),
        }),
      ],
    },
  };
  if (queue === 'data')
    return {
      ...shared,
      taskQueue: DATA_TASK_QUEUE,
      activities: createDataActivities(deps),
      maxConcurrentActivityTaskExecutions: 2,
    };
  const control = createControlActivities(deps);
  return {
    ...shared,
    taskQueue: CONTROL_TASK_QUEUE,
    activities: settings.around?.(control) ?? control,
    ...workflowCode(),
  };
}

/** The bundle that the build made; a fresh checkout without one bundles at start. */
function workflowCode(): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const bundle = bertha('build', 'workflow-bundle.js');
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  return { workflowsPath: fileURLToPath(new URL('./workflows/index.js', import.meta.url)) };
}

const startedAsScript = process.argv[1] === fileURLToPath(import.meta.url);
if (startedAsScript) {
  await runWorker({ target: temporalTarget(process.env['BERTHA_STACK'] ?? 'local'), queues: ['control', 'data'] });
}
