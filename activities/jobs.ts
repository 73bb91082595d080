import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { type JobInput, type JobSpec, getJob, isTerminal, putJob, requestCancel } from '../azure/jobs.js';
import type { RunConfig } from '../domain/config.js';
import { attemptName, contentHash, jobName } from '../domain/names.js';
import { attemptFolder, trainerConfigPath } from '../domain/paths.js';
import type { TrainingProgress } from '../domain/status.js';
import { publishCurve } from './curve/publish.js';
import { type Deps, type Place, datastoreUri, report, storeOf } from './deps.js';
import { readProgress } from './trainer.js';

export interface SubmitRequest {
  readonly place: Place;
  readonly chain: string;
  readonly phase: string;
  readonly attempt: number;
  readonly trainer: RunConfig['trainer'];
  readonly cluster: RunConfig['cluster'];
  readonly codeId: string;
  readonly environmentId: string;
  readonly dataFolder: string;
  readonly resumeFrom: string | null;
  readonly initFrom: string | null;
}

export interface Submitted {
  readonly jobName: string;
  /** True where the job was there already and is ours: a retry after a lost answer. */
  readonly adopted: boolean;
}

export interface WatchRequest {
  readonly place: Place;
  readonly phase: string;
  readonly attempt: number;
  readonly jobName: string;
  readonly submittedAt: number;
  readonly pollSeconds: number;
  readonly segmentSeconds: number;
}

export type WatchResult =
  | { readonly kind: 'ended'; readonly status: 'Completed' | 'Failed' | 'Canceled' | 'NotFound' }
  | { readonly kind: 'segment-over'; readonly progress: TrainingProgress };

export const jobActivities = (deps: Deps) => ({
  /** Writes the parameters of a phase where the jobs read them. Idempotent. @returns blob path */
  async writeTrainerConfig(request: { place: Place; phase: string; parameters: unknown }): Promise<string> {
    const path = trainerConfigPath(request.place.run, request.phase);
    await storeOf(deps, request.place).write(path, JSON.stringify(request.parameters, null, 2));
    return path;
  },

  /**
   * Submits the job of an attempt, once under every fault: look, PUT if absent, and where the name exists compare our tags.
   * @throws a final failure where the name belongs to another run or spec
   */
  async submitJob(request: SubmitRequest): Promise<Submitted> {
    const azure = deps.connection(request.place.azure);
    const spec = jobSpec(request);
    const before = await getJob(azure, spec.name, cancellationSignal());
    // Not to be aborted: a PUT that was given up may still arrive, after everyone has looked for live jobs.
    const created = before === null && (await putJob(azure, spec)) === 'created';
    if (created) return { jobName: spec.name, adopted: false };
    const there = before ?? (await getJob(azure, spec.name));
    if (there === null)
      throw ApplicationFailure.retryable(`job ${spec.name} was said to exist and cannot be read`, 'JobUnreadable');
    const differing = Object.entries(spec.tags).filter(([tag, value]) => there.tags[tag] !== value);
    if (differing.length === 0) return { jobName: spec.name, adopted: true };
    const names = differing.map(([tag]) => tag).join(', ');
    throw ApplicationFailure.nonRetryable(
      `job ${spec.name} exists and is not of this run (${names} differ); choose another run name`,
      'JobIsNotOurs',
    );
  },

  /**
   * One look at a job. Throws a BENIGN failure while it runs, so that Temporal repeats it after the poll interval and watching costs no history;
   * returns when the job has ended or the segment is over. Errors of the control plane say nothing about the job: they are retried, never a verdict.
   */
  async watchJob(request: WatchRequest): Promise<WatchResult> {
    const { place, phase, attempt, jobName } = request;
    const azure = deps.connection(place.azure);
    const job = await getJob(azure, jobName, cancellationSignal());
    if (job === null && !justSubmitted(request)) return { kind: 'ended', status: 'NotFound' };
    const store = storeOf(deps, place);
    const progress = await readProgress(store, place.run, phase, attempt, {
      jobName,
      jobStatus: job?.status ?? 'Unknown',
    });
    const before = activityInfo().heartbeatDetails as TrainingProgress | undefined;
    report(progress);
    if (job !== null && isTerminal(job.status))
      return { kind: 'ended', status: job.status as 'Completed' | 'Failed' | 'Canceled' };
    const newCheckpoint = progress.checkpointStep !== null && progress.checkpointStep !== before?.checkpointStep;
    if (newCheckpoint) await publishCurve(store, place.run, phase, attemptName(attempt));
    const segmentOver = Date.now() - activityInfo().scheduledTimestampMs > request.segmentSeconds * 1000;
    if (segmentOver) return { kind: 'segment-over', progress };
    throw ApplicationFailure.create({
      type: 'JobStillRunning',
      message: `${jobName} is ${progress.jobStatus}${progress.step === null ? '' : ` at step ${progress.step}`}`,
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: request.pollSeconds * 1000,
    });
  },

  /** Cancels a job and returns when Azure says that it has ended (or never was). Safe to repeat. */
  async cancelJob(request: {
    place: Place;
    jobName: string;
    pollSeconds: number;
  }): Promise<{ status: 'Completed' | 'Failed' | 'Canceled' | 'NotFound' }> {
    const azure = deps.connection(request.place.azure);
    const job = await getJob(azure, request.jobName);
    if (job === null) return { status: 'NotFound' };
    if (isTerminal(job.status)) return { status: job.status as 'Completed' | 'Failed' | 'Canceled' };
    if (job.status !== 'CancelRequested') await requestCancel(azure, request.jobName);
    throw ApplicationFailure.create({
      type: 'JobStillEnding',
      message: `${request.jobName} is ${job.status}`,
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: Math.min(request.pollSeconds, 10) * 1000,
    });
  },
});

/** Right after the PUT a read may still miss the job. */
function justSubmitted(request: WatchRequest): boolean {
  return Date.now() - request.submittedAt < 60_000;
}

function jobSpec(request: SubmitRequest): JobSpec {
  const { place, phase, attempt, trainer, cluster } = request;
  const name = jobName(place.run, phase, attempt);
  const folder = (path: string): JobInput => ({ kind: 'folder', uri: datastoreUri(place, path), mode: 'Download' });
  const inputs: Record<string, JobInput> = {
    config: { kind: 'file', uri: datastoreUri(place, trainerConfigPath(place.run, phase)), mode: 'Download' },
    data: folder(request.dataFolder),
    ...(request.resumeFrom === null ? {} : { resume: folder(request.resumeFrom) }),
    ...(request.initFrom === null ? {} : { init: folder(request.initFrom) }),
  };
  const command = [
    trainer.command,
    ...(request.resumeFrom === null ? [] : [trainer.resumeArgument]),
    ...(request.initFrom === null ? [] : [trainer.initArgument]),
  ].join(' ');
  const spec = {
    name,
    experiment: place.run,
    displayName: name,
    command: command
      .replaceAll('{run}', place.run)
      .replaceAll('{phase}', phase)
      .replaceAll('{attempt}', attemptName(attempt)),
    codeId: request.codeId,
    environmentId: request.environmentId,
    cluster: cluster.name,
    nodes: cluster.nodes,
    processesPerNode: cluster.processesPerNode,
    inputs,
    outputs: { run: datastoreUri(place, attemptFolder(place.run, phase, attempt)) },
    environmentVariables: trainer.environmentVariables,
  };
  const tags = {
    'bertha.run': place.run,
    'bertha.chain': request.chain,
    'bertha.attempt': `${phase}/${attemptName(attempt)}`,
    'bertha.spec': contentHash(spec).slice(0, 32),
  };
  return { ...spec, tags };
}
