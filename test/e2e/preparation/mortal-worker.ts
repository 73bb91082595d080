import { readFileSync, existsSync, writeFileSync } from 'node:fs';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createControlActivities, createDataActivities } from '../../../activities/index.js';
import { ActivityInterceptor } from '../../../activities/interceptor.js';
import type { Deps } from '../../../activities/deps.js';
import type { BlobContainer } from '../../../azure/blob.js';
import { CONTROL_TASK_QUEUE, DATA_TASK_QUEUE } from '../../../domain/task-queues.js';
import { bertha } from '../../../installation.js';
import { temporalTarget } from '../../../temporal/connection.js';
import { makeDeps } from '../../../worker.js';
import { deadStages, stageOfDeath } from './deaths.js';

/**
 * A worker that the first time kills itself with `kill -9` when it is in the midst of all stages at once, each of another dataset: in half of
 * them before a write, in the others behind it. Started again it lives.
 */
const marker = bertha('stacks', 'e2e-data', 'died');
const lives = existsSync(marker);
const reached = new Set<string>();

async function meetDeath(path: string, write: () => Promise<void>): Promise<void> {
  const stage = lives ? undefined : stageOfDeath(path);
  if (stage === undefined) return write();
  if (deadStages.indexOf(stage) % 2 === 1) await write();
  reached.add(stage);
  if (reached.size === deadStages.length) {
    writeFileSync(marker, [...reached].join('\n'));
    process.kill(process.pid, 'SIGKILL');
  }
  return new Promise(() => undefined);
}

function mortal(container: BlobContainer): BlobContainer {
  const write: BlobContainer['write'] = (path, content, options) =>
    meetDeath(path, () => container.write(path, content, options));
  return Object.assign(Object.create(container) as BlobContainer, { write });
}

const deps = makeDeps();
const mortalDeps: Deps = {
  ...deps,
  connection(target) {
    const connection = deps.connection(target);
    return { ...connection, container: (account, name) => mortal(connection.container(account, name)) };
  },
};
const connection = await NativeConnection.connect({ address: temporalTarget('e2e-data').address });
const shared: Omit<WorkerOptions, 'taskQueue'> = {
  connection,
  maxHeartbeatThrottleInterval: '1 second',
  interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context) })] },
};
const workers = await Promise.all([
  Worker.create({
    ...shared,
    taskQueue: CONTROL_TASK_QUEUE,
    workflowBundle: { code: readFileSync(bertha('stacks', 'e2e-data', 'workflows.js'), 'utf8') },
    activities: createControlActivities(deps),
  }),
  Worker.create({
    ...shared,
    taskQueue: DATA_TASK_QUEUE,
    activities: createDataActivities(mortalDeps),
    maxConcurrentActivityTaskExecutions: 2 * deadStages.length,
  }),
]);
console.log(`worker ${process.pid} ${lives ? 'lives' : 'is mortal'}`);
await Promise.all(workers.map((worker) => worker.run()));
