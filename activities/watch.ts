import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { AzureError } from '../azure/errors.js';
import { getJob } from '../azure/jobs.js';
import { type Control, controlFile, isAcknowledged, saysNothing } from '../domain/control.js';
import { type AutoInterval, inForce, intervalNow } from '../domain/interval/of-run.js';
import { attemptName } from '../domain/names.js';
import { attemptFolder } from '../domain/paths.js';
import type { TrainingProgress, WatchDetails } from '../domain/status.js';
import type { WatchAlert } from '../domain/watch/alerts.js';
import { hasteOf, nextGlanceSeconds, nextPollSeconds } from '../domain/watch/cadence.js';
import { type Due, judge } from '../domain/watch/judge.js';
import { dueNow, isToBeTold } from '../domain/watch/news.js';
import type { WatchRules } from '../domain/watch/limits.js';
import type { WatchMemory } from '../domain/watch/memory.js';
import type { JobSight } from '../domain/watch/sighting.js';
import { publishCurve } from './curve/publish.js';
import { type Deps, type Place, report, storeOf } from './deps.js';
import { refuseIfTakenOver } from './run-record.js';
import { type TrainerLook, lookAtTrainer } from './trainer-look.js';
import { letOthersAsk, onlyGlance, stillRunning } from './watch-pause.js';

export interface WatchRequest {
  readonly place: Place;
  readonly chain: string;
  readonly phase: string;
  readonly attempt: number;
  readonly jobName: string;
  readonly rules: WatchRules;
  /** What earlier segments saw. */
  readonly memory: WatchMemory;
  /** What the trainer is to be told, repeated until it acknowledges. */
  readonly control: Control;
  readonly segmentSeconds: number;
  /** By what the checkpoint interval is chosen while the job runs; absent where it is not. */
  readonly auto?: AutoInterval;
}

export type WatchResult = { readonly memory: WatchMemory; readonly alerts: readonly WatchAlert[] } & (
  | { readonly kind: 'ended'; readonly status: 'Completed' | 'Failed' | 'Canceled' | 'NotFound' }
  /** Something that a person should hear of, or that the workflow must act on. */
  | { readonly kind: 'news'; readonly due: Due | null }
  | { readonly kind: 'segment-over'; readonly progress: TrainingProgress }
);

export const watchActivities = (deps: Deps) => ({
  /**
   * One look at a job. Throws a BENIGN failure while there is nothing to tell, so that Temporal repeats it after the poll interval and
   * watching costs no history. What does not answer says nothing about the job: it is UNKNOWN and looked at again, never a verdict.
   * @throws a final failure where the trainer is to be told something and another workflow has taken the run up
   */
  async watchJob(request: WatchRequest): Promise<WatchResult> {
    const { place, phase, attempt, jobName } = request;
    const store = storeOf(deps, place);
    const { allowance } = deps.connection(place.azure);
    const before = activityInfo().heartbeatDetails as WatchDetails | undefined;
    const hasNotice = await onlyGlance(deps, request, before);
    if (!hasNotice) letOthersAsk(deps, allowance, request, before);
    const [job, trainer] = await Promise.all([
      lookAtJob(deps, place, jobName),
      lookAtTrainer(store, place.run, phase, attempt),
    ]);
    const sighting = { at: deps.now(), job: job.sight, trainer: trainer.sight };
    const rules = rulesInForce(request, trainer, before);
    const { memory, verdict, alerts } = judge(before?.memory ?? request.memory, sighting, rules);
    const progress: TrainingProgress = { jobName, jobStatus: memory.status ?? 'Unknown', ...trainer.progress };
    const { pollSeconds } = request.rules;
    const turnSeconds = allowance.lookTurn(deps.now(), hasteOf(memory, pollSeconds));
    report({ progress, memory, turnSeconds } satisfies WatchDetails);
    if (verdict.kind === 'ENDED') return { kind: 'ended', status: verdict.status, memory, alerts };
    // While Azure gives no answer the memory takes in no heartbeat; a trainer that begins then is told all the same.
    const isHeard = memory.heartbeat === null || memory.heartbeat.incarnation === trainer.incarnation;
    const beganAnew = alerts.some(({ kind }) => kind === 'restarted-in-place');
    // The workflow hears of a new start first, and makes of its wishes new ones (`carriedOver`).
    if (isHeard && !beganAnew) await ifAnswered(tellTrainer(deps, request, trainer, memory));
    const newCheckpoint =
      progress.checkpointStep !== null && progress.checkpointStep !== before?.progress.checkpointStep;
    if (newCheckpoint)
      await ifAnswered(publishCurve(store, place.run, phase, attemptName(attempt), cancellationSignal()));
    const due = dueNow(verdict, request.control);
    const isNews = alerts.length > 0 || due !== null || isToBeTold(memory, request.rules);
    if (isNews) return { kind: 'news', due, memory, alerts };
    const segmentOver = deps.now() - activityInfo().scheduledTimestampMs > request.segmentSeconds * 1000;
    if (segmentOver) return { kind: 'segment-over', progress, memory, alerts };
    const words = verdict.kind === 'UNKNOWN' ? `cannot be seen: ${verdict.because}` : `is ${progress.jobStatus}`;
    const share = { lookSeconds: turnSeconds, glanceSeconds: deps.turns.glances.wait(deps.now()) };
    const glance = nextGlanceSeconds(memory, deps.now(), pollSeconds, share);
    const seconds = glance ?? Math.max(nextPollSeconds(memory, pollSeconds), turnSeconds);
    throw stillRunning(`${jobName} ${words}${progress.step === null ? '' : ` at step ${progress.step}`}`, seconds);
  },
});

/** Azure's word on a job; an error of the way to it is an answer too: that nothing is known. */
export async function lookAtJob(deps: Deps, place: Place, jobName: string): Promise<{ sight: JobSight }> {
  try {
    const job = await getJob(deps.connection(place.azure), jobName, cancellationSignal());
    return { sight: { answered: true, status: job?.status ?? 'NotFound' } };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { sight: { answered: false, why: error.message, throttled: error.throttled } };
  }
}

/**
 * How old a checkpoint may be depends on the interval that its trainer saves by. The pause that we chose is no lateness, and what it did not see
 * was not missed by anybody.
 */
function rulesInForce(
  { rules, auto }: WatchRequest,
  { heartbeat }: TrainerLook,
  before: WatchDetails | undefined,
): WatchRules {
  const pollSeconds = Math.max(rules.pollSeconds, before?.turnSeconds ?? 0);
  return { ...rules, pollSeconds, ...(auto === undefined ? {} : { everySeconds: inForce(auto, heartbeat) }) };
}

/**
 * Writes control.json beside the heartbeat of the newest incarnation until that incarnation has taken it in: what the workflow wants, and a new
 * checkpoint interval where this one is better by much. The latter is a message of the watch alone, repeated by every look until it is in force.
 */
async function tellTrainer(
  deps: Deps,
  request: WatchRequest,
  trainer: TrainerLook,
  { meter }: WatchMemory,
): Promise<void> {
  const { place, chain, phase, attempt, control, auto } = request;
  const { incarnation, ack, heartbeat } = trainer;
  if (incarnation === null) return;
  const interval = auto === undefined || heartbeat === null ? null : intervalNow(auto, heartbeat);
  const isNews = auto !== undefined && interval !== null && interval !== inForce(auto, heartbeat);
  const isHeard = saysNothing(control) || isAcknowledged(control, ack);
  if (isHeard && !isNews) return;
  await refuseIfTakenOver(deps, place, chain);
  const path = `${attemptFolder(place.run, phase, attempt)}/${incarnation}/control.json`;
  const newer = interval === null ? null : { checkpointSeconds: interval, ack };
  await storeOf(deps, place).write(path, JSON.stringify(controlFile(control, meter?.seconds ?? 0, deps.now(), newer)));
}

/** What was seen must be told also where the storage takes nothing at the moment: alerts are made once. The next look writes again. */
async function ifAnswered(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
  }
}
