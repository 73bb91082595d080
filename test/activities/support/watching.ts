import type { Info } from '@temporalio/activity';
import type { EndRequest, EndResult } from '../../../activities/end-job.js';
import type { WatchRequest, WatchResult } from '../../../activities/watch.js';
import { newControl } from '../../../domain/control.js';
import type { EndRules } from '../../../domain/proof.js';
import type { TrainingProgress, WatchDetails } from '../../../domain/status.js';
import { watchRules } from '../../../domain/watch/limits.js';
import { type WatchMemory, newWatch } from '../../../domain/watch/memory.js';
import { activities, config, place } from './deps.js';
import { rawJob } from './jobs.js';
import { run, runUntilDone } from './run.js';
import { until } from './until.js';

/** A request to watch the first attempt of a run, polled every 7 s. */
export const watchRequest = (name: string, changes: Partial<WatchRequest> = {}): WatchRequest => ({
  ...{ place: place(name), chain: `chain-of-${name}`, phase: 'p1', attempt: 1, jobName: `${name}-p1-a001` },
  segmentSeconds: 3600,
  ...{ rules: { ...watchRules(config(name)), pollSeconds: 7 }, memory: newWatch(), control: newControl(Date.now()) },
  ...changes,
});

/** One look. @param info the watch begins now unless it says otherwise */
export const look = (asked: WatchRequest, info: Partial<Info> = {}): Promise<WatchResult> =>
  run(activities.watchJob, asked, { scheduledTimestampMs: Date.now(), ...info });

/** Heartbeat details that an earlier look left. */
export const seenBefore = (
  memory: Partial<WatchMemory>,
  progress: Partial<TrainingProgress> = {},
): Pick<Info, 'heartbeatDetails'> => ({
  heartbeatDetails: { progress, memory: { ...newWatch(), ...memory } } as WatchDetails,
});

/** Watches until the job has ended. */
export async function watchToEnd(asked: WatchRequest): Promise<Extract<WatchResult, { kind: 'ended' }>> {
  const seen = await runUntilDone(activities.watchJob, asked);
  return seen.kind === 'ended' ? seen : watchToEnd({ ...asked, memory: seen.memory });
}

/** A request to end a job of the shared cluster; each limit is a fraction of a second. */
export const endRequest = (name: string, changes: Partial<EndRules> = {}, where = place(name)): EndRequest => ({
  ...{ place: where, chain: `chain-of-${name}`, cluster: 'jobs' },
  rules: {
    ...{ jobName: `${name}-p1-a001`, wanted: true, pollSeconds: 30, ownsCluster: false },
    ...{ stopping: { checkpointSeconds: 1, graceSeconds: 0.5, apartSeconds: 0.5, nodesSeconds: 0.5 } },
    ...changes,
  },
});

/** Ends a job as the workflow does, look after look. */
export const end = (asked: EndRequest): Promise<EndResult> => runUntilDone(activities.endJob, asked);

/** Waits until the emulator runs a job. */
export const running = (job: string): Promise<void> =>
  until(`${job} to run`, async () => (await rawJob(job)).properties.status === 'Running');
