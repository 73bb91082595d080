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

export function describeRun(run: string, description: WorkflowExecutionDescription, workerRuns: boolean): RunView {
  const states: Record<string, RunState> = {
    RUNNING: 'running',
    CONTINUED_AS_NEW: 'running',
    COMPLETED: 'completed',
    FAILED: 'failed',
    CANCELLED: 'canceled',
    TERMINATED: 'terminated',
    TIMED_OUT: 'timed-out',
  };
  const watch = description.raw.pendingActivities?.find((activity) => activity.activityType?.name === 'watchJob');
  const details = watch?.heartbeatDetails?.payloads?.[0];
  const status = (description.memo?.[STATUS_MEMO] as RunStatus | undefined) ?? null;
  return {
    run,
    state: states[description.status.name] ?? 'running',
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
