import type { RunConfig } from '../../../domain/config.js';
import type { Fault, Schedule } from '../schedule.js';
import type { SimJob, StartSummary } from '../world/job.js';

/** What a start, a warning, a proof and a few looks take beside the limits. */
const SLACK_SECONDS = 900;

/** With Temporal goes what a watch had counted: a limit begins anew. */
const FORGOTTEN_SECONDS = 5_400;
const NOT_RESPONDING_SECONDS = 300;

/** Seconds in which somebody could not look or act, in the whole schedule: they are nobody's fault. */
function outages(faults: readonly Fault[]): number {
  return faults.reduce((sum, fault) => {
    if ('seconds' in fault) return sum + fault.seconds;
    if (fault.kind === 'temporal-lost') return sum + FORGOTTEN_SECONDS;
    return sum + (fault.kind === 'preempt' ? NOT_RESPONDING_SECONDS : 0);
  }, 0);
}

/** Seconds of training that a job did in vain at its end, and how many the limits allow. */
export function lostAtTheEnd(job: SimJob, schedule: Schedule, config: RunConfig): { lost: number; allowed: number } {
  const last = job.summaries.at(-1);
  const { limits } = config.watch;
  const interval = Math.max(schedule.checkpointSeconds, 450);
  const lost = last === undefined ? 0 : (last.until - Math.max(last.trainFrom, last.savedAt)) / 1000;
  const byCheckpoint = Math.max(limits.checkpointIntervals * interval, limits.checkpointFloorSeconds);
  return { lost, allowed: byCheckpoint + limits.stalledSeconds + interval + SLACK_SECONDS + outages(schedule.faults) };
}

/** Seconds of training that a later start did again though a checkpoint held it, and how many the limits allow. */
export function repeated(
  { step0, steps, newestBefore }: StartSummary,
  schedule: Schedule,
  config: RunConfig,
): { lost: number; allowed: number } {
  const again = Math.max(0, Math.min(steps, newestBefore) - step0);
  return {
    lost: again * schedule.stepSeconds,
    allowed: config.watch.limits.redoSeconds + SLACK_SECONDS + outages(schedule.faults),
  };
}
