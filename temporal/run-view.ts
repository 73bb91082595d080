import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { type RunStatus, STATUS_MEMO, type TrainingProgress, type WatchDetails } from '../domain/status.js';

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

/** How a run can have ended, by the server's word for it; whatever is none of these may still live. */
export const ENDED: Readonly<Record<string, Exclude<RunState, 'running'>>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'canceled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/** @param workerRuns whether a worker polls for workflow tasks, as far as the server knows */
export function describeRun(run: string, description: WorkflowExecutionDescription, workerRuns: boolean): RunView {
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
