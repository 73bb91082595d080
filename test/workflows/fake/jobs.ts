import { activityInfo, heartbeat } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { ControlActivities } from '../../../activities/index.js';
import { jobName } from '../../../domain/names.js';
import type { EndStatus } from '../../../domain/proof.js';
import type { WatchDetails } from '../../../domain/status.js';
import { saysNothing } from '../../../domain/control.js';
import { nextPollSeconds } from '../../../domain/watch/cadence.js';
import { judge } from '../../../domain/watch/judge.js';
import { dueNow, isToBeTold } from '../../../domain/watch/news.js';
import type { Sighting } from '../../../domain/watch/sighting.js';
import type { FakeAzure } from './azure.js';
import { claimRun, refuseIfTakenOver } from './claim.js';
import { type Job, isOver, jobSight, trainerSight } from './script.js';

type JobActivities = Pick<ControlActivities, 'claimRun' | 'submitJob' | 'watchJob' | 'endJob' | 'jobsAlive'>;

/** The part that keeps a run to one job per attempt. */
export const jobActivities = (azure: FakeAzure): JobActivities => ({
  claimRun: async (request) => claimRun(azure, request),

  submitJob(request) {
    refuseIfTakenOver(azure, request.chain);
    const name = jobName(request.place.run, request.phase, request.attempt);
    const there = azure.jobs.get(name);
    if (there !== undefined && !azure.chains.includes(there.chain)) {
      throw ApplicationFailure.nonRetryable(
        `job ${name} exists and is not of this run; choose another run name`,
        'JobIsNotOurs',
      );
    }
    if (there === undefined) azure.put(name, request);
    if (azure.lostAnswers.delete(name)) throw ApplicationFailure.retryable('the connection broke', 'Azure:transient');
    return Promise.resolve({ jobName: name, adopted: there !== undefined });
  },

  /** As the real one, with what the fake shows in place of Azure and Blob. Its clock is the server's, which may skip. */
  async watchJob(request) {
    const { jobName: name, chain, control, rules } = request;
    const { scheduledTimestampMs, currentAttemptScheduledTimestampMs: at } = activityInfo();
    const before = activityInfo().heartbeatDetails as WatchDetails | undefined;
    const job = azure.jobs.get(name);
    azure.asked = request;
    azure.looks++;
    if (!saysNothing(control)) refuseIfTakenOver(azure, chain);
    if (job !== undefined) {
      await azure.onLook(azure.looks, job);
      azure.advance(job, control.stop !== null);
    }
    const { memory, verdict, alerts } = judge(before?.memory ?? request.memory, sightingOf(azure, job, at), rules);
    const progress = { ...noProgress, jobName: name, jobStatus: memory.status ?? 'Unknown', step: job?.looks ?? null };
    heartbeat({ progress, memory } satisfies WatchDetails);
    if (verdict.kind === 'ENDED') return { kind: 'ended', status: verdict.status, memory, alerts };
    const due = dueNow(verdict, control);
    const isNews = alerts.length > 0 || due !== null || isToBeTold(memory, rules);
    if (isNews) return { kind: 'news', due, memory, alerts };
    const segmentOver = at - scheduledTimestampMs > request.segmentSeconds * 1000;
    if (segmentOver) return { kind: 'segment-over', progress, memory, alerts };
    const pause = azure.betweenLooksSeconds ?? nextPollSeconds(memory, rules.pollSeconds);
    throw notYet('JobStillRunning', `${name} is ${progress.jobStatus}`, pause);
  },

  /** As Azure does it: asked once, canceled a while later. */
  endJob({ chain, rules: { jobName: name, wanted, pollSeconds } }) {
    refuseIfTakenOver(azure, chain);
    const job = azure.jobs.get(name);
    const clusterDeleted = azure.squatters.has(name);
    const proven = (status: EndStatus) =>
      Promise.resolve({ kind: 'proven', status, because: `Azure says ${status}`, clusterDeleted } as const);
    if (job === undefined || job.hidden) return proven('NotFound');
    if (!wanted && !isOver(job)) return Promise.resolve({ kind: 'alive', because: `Azure says ${job.status}` });
    if (isOver(job)) return proven(job.status as EndStatus);
    const asked = job.status === 'CancelRequested';
    job.status = 'CancelRequested';
    if (azure.stuck.has(name))
      return Promise.resolve({
        kind: 'call-a-person',
        because: `${name} is ${job.status} and still holds nodes; the run did not make the cluster and may not delete it`,
      });
    if (asked) {
      job.status = 'Canceled';
      return proven('Canceled');
    }
    throw notYet('JobStillEnding', `${name} is ${job.status}`, Math.min(pollSeconds, 10));
  },

  jobsAlive({ chain }) {
    refuseIfTakenOver(azure, chain);
    return Promise.resolve(azure.alive().flatMap((job) => (azure.chains.includes(job.chain) ? [job.name] : [])));
  },
});

function sightingOf(azure: FakeAzure, job: Job | undefined, at: number): Sighting {
  const nothing = { answered: true, status: 'NotFound' } as const;
  const seen = azure.silence === null ? null : ({ answered: false, why: azure.silence } as const);
  const noTrainer = { answered: true, heartbeat: null, validCheckpoint: null } as const;
  const trainer = job === undefined ? noTrainer : trainerSight(job, azure.checkpoints);
  return { at, job: seen ?? (job === undefined ? nothing : jobSight(job)), trainer };
}

const noProgress = {
  incarnation: null,
  state: 'training',
  totalSteps: null,
  lossMlm: null,
  sequencesPerSecond: null,
  checkpointStep: null,
  checkpointAt: null,
  at: null,
};

const notYet = (type: string, message: string, pollSeconds: number) =>
  ApplicationFailure.create({
    type,
    message,
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: pollSeconds * 1000,
  });
