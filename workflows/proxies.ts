import { ActivityCancellationType } from '@temporalio/workflow';
import type { ControlActivities, DataActivities } from '../activities/index.js';
import { DATA_TASK_QUEUE } from '../domain/task-queues.js';
import { explainedActivities } from './summaries.js';

/** A worker that dies is noticed after this: the interceptor heartbeats every 3 s. */
const heartbeatTimeout = '15 seconds';

/**
 * Calls to Azure and Blob that must succeed sooner or later: Azure may be away for hours, so they are repeated without end.
 * What cannot succeed is thrown as a final failure where the vendor's error is read (azure/errors.ts).
 */
export const azureCall = explainedActivities<ControlActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/**
 * As `azureCall`, but a run that is canceled meanwhile waits for the answer: a job whose submission is under way would come to life
 * after the run has ended, and nobody would know of it.
 * @param summary which job, for the Temporal UI
 */
export const submission = (summary: string) =>
  explainedActivities<Pick<ControlActivities, 'submitJob'>>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  });

/** Before anything costs money a person waits for an answer: give up after ten minutes. */
export const preflightCall = explainedActivities<ControlActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Ends a job and proves it; as `azureCall`, looked at again every few seconds by its own wish. */
export const attemptEnd = explainedActivities<Pick<ControlActivities, 'endJob'>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Runs beside everything else until the execution ends, which nobody waits for; hashing a checkpoint of a large model takes minutes. */
export const verifying = (pollSeconds: number) =>
  explainedActivities<Pick<DataActivities, 'verifyCheckpoints'>>({
    taskQueue: DATA_TASK_QUEUE,
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: '20 seconds',
    retry: { initialInterval: pollSeconds * 1000, backoffCoefficient: 1 },
    cancellationType: ActivityCancellationType.ABANDON,
  });

/** Whoever goes on waits until nothing is deleted any more, or the checkpoint that is to be continued might go. */
export const removal = explainedActivities<Pick<DataActivities, 'letGoCheckpoints'>>({
  taskQueue: DATA_TASK_QUEUE,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** One look per attempt of the activity, repeated by its retry policy: no history per look (docs/decisions/002-watching.md). */
export const watchTrainingJob = (pollSeconds: number, summary: string) =>
  explainedActivities<Pick<ControlActivities, 'watchJob'>>({
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout,
    retry: { initialInterval: pollSeconds * 1000, backoffCoefficient: 1 },
    summary,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });

/** Hours of reading, copying and hashing; killed and repeated at will. */
export const dataWork = explainedActivities<DataActivities>({
  taskQueue: DATA_TASK_QUEUE,
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes' },
});

/**
 * One task of a preparation: minutes, whatever the size of the dump; killed and repeated at will.
 * @param summary which one, for the Temporal UI
 */
export const preparationTask = (summary: string) =>
  explainedActivities<Pick<DataActivities, 'prepareTask'>>({
    taskQueue: DATA_TASK_QUEUE,
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: '20 seconds',
    retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes' },
    summary,
  });

/** Without it a canceled run closes as failed, which is no reason to keep it open for ever. */
export const ownCancellation = explainedActivities<Pick<ControlActivities, 'cancelOwnRun'>>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Waiting for nodes to leave; a proof that is late is reported, never a reason to fail a run that has its model. */
export const scaleDownProof = (seconds: number) =>
  explainedActivities<Pick<ControlActivities, 'nodesGone'>>({
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: seconds * 1000,
    heartbeatTimeout,
    retry: { initialInterval: '2 seconds', backoffCoefficient: 1 },
  });

/**
 * Messages to the webhook of a run: repeated for days, ever more seldom, while nobody waits for them.
 * @param milliseconds until it is given up
 */
export const delivery = (milliseconds: number) =>
  explainedActivities<Pick<ControlActivities, 'deliverMessages'>>({
    startToCloseTimeout: '2 minutes',
    scheduleToCloseTimeout: milliseconds,
    heartbeatTimeout,
    retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
    cancellationType: ActivityCancellationType.ABANDON,
  });
