import type { Client } from '@temporalio/client';
import { CONTROL_TASK_QUEUE } from '../domain/task-queues.js';

/** A worker asks again at least once a minute. */
const RECENTLY_MS = 70_000;
/** Temporal's TaskQueueType for workflow tasks. */
const WORKFLOW_TASKS = 1;

/** Whether a worker asked for work of the control queue lately. */
export async function workerPolls(client: Client, namespace: string): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: CONTROL_TASK_QUEUE },
    taskQueueType: WORKFLOW_TASKS,
  });
  const since = Date.now() - RECENTLY_MS;
  return (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > since);
}
