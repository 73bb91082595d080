import { mkdirSync } from 'node:fs';
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
import { newTurns } from './activities/turns.js';
import { resolveCloud } from './azure/clouds.js';
import { type AzureConnection, connectAzure } from './azure/connection.js';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from './domain/task-queues.js';
import { bertha, installation } from './installation.js';
import { type TemporalTarget, temporalTarget } from './temporal/connection.js';
import { STOP_SIGNALS, listenForStop } from './temporal/stop.js';
import { lookForSearchAttributes, searchAttributesSentence } from './temporal/search-attributes.js';
import {
  type DeploymentSettings,
  type WorkerVersion,
  deploymentSettings,
  makeCurrent,
  pinnedTo,
} from './temporal/versioning.js';
import { type WorkflowCode, workflowCode } from './temporal/workflow-code.js';

/** How long activities may end in peace after SIGTERM before they are abandoned and repeated elsewhere. */
const SHUTDOWN_GRACE = '10 seconds' as const;

/**
 * The SDK holds heartbeats back for four fifths of their timeout: of 15 s that leaves three to a machine that is busy or was stopped for a moment,
 * and an activity that takes minutes would never come to its end there.
 */
const HEARTBEAT_AT_MOST_EVERY = '4 seconds' as const;
/**
 * Runs whose workflow is kept in memory. A run that is watched sleeps for hours, and one that is not kept is built again from a few dozen events
 * in some 20 ms: keeping all of them (the SDK's default follows the size of the heap) would be paid for in memory, run by run.
 */
const RUNS_KEPT = 250;
/** The status in the memo holds the last events and is some 4 KB; servers take 2 MB, and the SDK warns from 2 KB on. */
const memoWarnSize = 32 * 1024;

export interface WorkerSettings {
  readonly target: TemporalTarget;
  /** Which queues to serve: control needs little memory, data needs CPU and bandwidth. */
  readonly queues: readonly ('control' | 'data')[];
  /** Place in a Worker Deployment; null or absent: unversioned. */
  readonly deployment?: DeploymentSettings | null;
  /** Lays something around the control activities; tests kill the worker inside of one. */
  readonly around?: (activities: ControlActivities) => ControlActivities;
  /** Called when the worker polls; absent: printed. */
  readonly announce?: (sentence: string, version: WorkerVersion | null) => void;
  /** Called with what a person should know; absent: printed to standard error. */
  readonly note?: (sentence: string) => void;
}

/** Runs a worker until SIGTERM or SIGINT. One process may serve both queues; in production each scales alone. */
export async function runWorker(settings: WorkerSettings): Promise<void> {
  Runtime.install({
    logger: new DefaultLogger('WARN'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} } },
    shutdownSignals: [...STOP_SIGNALS],
  });
  const { address, namespace, options } = settings.target;
  const connection = await NativeConnection.connect({ address, payloadLimits: { memoWarnSize }, ...options });
  const stop = listenForStop();
  try {
    const parts = {
      settings,
      connection,
      deps: makeDeps(),
      closing: stop.signal,
      ...(await workflowCode(settings.deployment ?? null)),
    };
    const workers = await Promise.all(settings.queues.map((queue) => Worker.create(queueOptions(queue, parts))));
    const running = Promise.all(workers.map((worker) => worker.run()));
    const announce = settings.announce ?? console.log;
    announce(
      `worker ${process.pid} serves ${settings.queues.join(' and ')} at ${address} (namespace ${namespace})`,
      parts.version,
    );
    await Promise.all([running, tellOperator(parts)]);
  } finally {
    stop.release();
    await connection.close();
  }
}

/** What a person should know of this worker and can change. Never a reason to stop: runs may be waiting for it. */
async function tellOperator({ settings, connection, version, closing }: Parts): Promise<void> {
  const note = settings.note ?? console.error;
  const { target, deployment } = settings;
  const unsearchable = searchAttributesSentence(await lookForSearchAttributes(connection, target.namespace), target);
  if (unsearchable !== null) note(unsearchable);
  if (version === null || deployment?.makeCurrent !== true) return;
  try {
    await makeCurrent(connection, target.namespace, version, closing);
    note(
      `version ${version.buildId} of deployment ${version.deploymentName} is current: new runs begin on it, others move to it when they continue as new`,
    );
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
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
    now: Date.now,
    turns: newTurns(),
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

interface Parts extends WorkflowCode {
  readonly settings: WorkerSettings;
  readonly connection: NativeConnection;
  readonly deps: Deps;
  readonly closing: AbortSignal;
}

function queueOptions(queue: 'control' | 'data', parts: Parts): WorkerOptions {
  const { settings, connection, deps, closing, workflowBundle, version } = parts;
  const shared: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace: settings.target.namespace,
    shutdownGraceTime: SHUTDOWN_GRACE,
    maxHeartbeatThrottleInterval: HEARTBEAT_AT_MOST_EVERY,
    interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context, closing) })] },
    ...(version === null ? {} : { workerDeploymentOptions: pinnedTo(version) }),
  };
  if (queue === 'data')
    return {
      ...shared,
      taskQueue: DATA_TASK_QUEUE,
      activities: createDataActivities(deps),
      maxConcurrentActivityTaskExecutions: 4,
    };
  const control = createControlActivities(deps);
  return {
    ...shared,
    taskQueue: CONTROL_TASK_QUEUE,
    activities: settings.around?.(control) ?? control,
    workflowBundle,
    maxCachedWorkflows: RUNS_KEPT,
  };
}

const startedAsScript = process.argv[1] === fileURLToPath(import.meta.url);
if (startedAsScript) {
  const target = temporalTarget(process.env['BERTHA_STACK'] ?? 'local');
  await runWorker({ target, queues: ['control', 'data'], deployment: deploymentSettings() });
}
