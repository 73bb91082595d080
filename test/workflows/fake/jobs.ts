import { activityInfo, heartbeat } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { ControlActivities } from '../../../activities/index.js';
import { jobName } from '../../../domain/names.js';
import type { EndStatus } from '../../../domain/proof.js';
import type { WatchDetails } from '../../../domain/status.js';
import type { FakeAzure } from './azure.js';

type JobActivities = Pick<ControlActivities, 'claimRun' | 'submitJob' | 'watchJob' | 'endJob' | 'jobsAlive'>;

/** The part that keeps a run to one job per attempt. */
export const jobActivities = (azure: FakeAzure): JobActivities => ({
  claimRun({ place, config, chain, continueRun }) {
    const taken = azure.chains.length > 0 && !azure.chains.includes(chain);
    if (taken && !continueRun)
      throw ApplicationFailure.nonRetryable(`a run named "${place.run}" exists already`, 'RunNameTaken');
    if (!azure.chains.includes(chain)) azure.chains.push(chain);
    const attemptsOf = (phase: string) => [...azure.jobs.values()].filter((job) => job.request.phase === phase).length;
    const pastOf = (name: string) => [name, { attempts: attemptsOf(name), lineage: [] }] as const;
    return Promise.resolve({ past: Object.fromEntries(config.phases.map(({ name }) => pastOf(name))) });
  },

  submitJob(request) {
    const name = jobName(request.place.run, request.phase, request.attempt);
    const there = azure.jobs.get(name);
    if (there !== undefined && there.chain !== request.chain) {
      throw ApplicationFailure.nonRetryable(
        `job ${name} exists and is not of this run; choose another run name`,
        'JobIsNotOurs',
      );
    }
    if (there === undefined) azure.put(name, request);
    if (azure.lostAnswers.delete(name)) throw ApplicationFailure.retryable('the connection broke', 'Azure:transient');
    return Promise.resolve({ jobName: name, adopted: there !== undefined });
  },

  async watchJob({ jobName: name, rules: { pollSeconds }, memory, segmentSeconds }) {
    const job = azure.jobs.get(name);
    const nothing = { memory, alerts: [] };
    if (job === undefined) return { kind: 'ended', status: 'NotFound', ...nothing };
    azure.looks++;
    await azure.onLook(azure.looks, job);
    azure.advance(job);
    const progress = { ...noProgress, jobName: name, jobStatus: job.status, step: job.looks };
    heartbeat({ progress, memory } satisfies WatchDetails);
    if (job.status !== 'Running' && job.status !== 'CancelRequested')
      return { kind: 'ended', status: job.status, ...nothing };
    const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = activityInfo();
    const segmentOver = currentAttemptScheduledTimestampMs - scheduledTimestampMs > segmentSeconds * 1000;
    if (segmentOver) return { kind: 'segment-over', progress, ...nothing };
    throw notYet('JobStillRunning', `${name} is ${job.status}`, pollSeconds);
  },

  /** As Azure does it: asked once, canceled a while later. */
  endJob({ rules: { jobName: name, pollSeconds } }) {
    const job = azure.jobs.get(name);
    const proven = (status: EndStatus) =>
      Promise.resolve({ kind: 'proven', status, because: `Azure says ${status}` } as const);
    if (job === undefined) return proven('NotFound');
    if (job.status === 'CancelRequested') job.status = 'Canceled';
    if (job.status !== 'Running') return proven(job.status);
    job.status = 'CancelRequested';
    throw notYet('JobStillEnding', `${name} is ${job.status}`, pollSeconds);
  },

  jobsAlive: () =>
    Promise.resolve(azure.alive().flatMap((job) => (azure.chains.includes(job.chain) ? [job.name] : []))),
});

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
