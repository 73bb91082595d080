import { activityInfo, getClient } from '@temporalio/activity';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import type { WatchDetails } from '../domain/status.js';
import type { WatchMemory } from '../domain/watch/memory.js';
import type { Place } from './deps.js';

/** What a run asks of Temporal about itself: a workflow cannot. */
export const ownRunActivities = () => ({
  /**
   * What the watch of this run last saw, from its heartbeat that Temporal keeps; null where none is pending, or it has seen nothing yet.
   * A watch that is cut short returns nothing, and what it knows of passed time would be lost with it.
   */
  async lastLook(request: { place: Place; jobName: string }): Promise<WatchMemory | null> {
    const { raw } = await ownHandle().describe();
    const watch = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'watchJob');
    const payload = watch?.heartbeatDetails?.payloads?.[0];
    if (payload === undefined || payload === null) return null;
    const { progress, memory } = defaultPayloadConverter.fromPayload<WatchDetails>(payload);
    return progress.jobName === request.jobName ? memory : null;
  },

  /** Has Temporal cancel this run: a workflow closes as canceled only where somebody asked Temporal for it. Safe to repeat. */
  async cancelOwnRun(_request: { place: Place }): Promise<void> {
    await ownHandle().cancel();
  },
});

function ownHandle() {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined) throw ApplicationFailure.nonRetryable('called outside of a run', 'NoRun');
  return getClient().workflow.getHandle(workflowExecution.workflowId, workflowExecution.runId);
}
