import { ActivityFailure, CancellationScope, condition } from '@temporalio/workflow';
import type { WatchResult } from '../activities/watch.js';
import type { PhaseConfig } from '../domain/config.js';
import { type ControlChange, changeControl } from '../domain/control.js';
import type { EndedByUs } from '../domain/endings/evidence.js';
import type { EndStatus } from '../domain/proof.js';
import { stopStep } from '../domain/stopping.js';
import { watchRules } from '../domain/watch/limits.js';
import { continueRunAsNew } from './continue.js';
import { attemptEnd, watchTrainingJob } from './proxies.js';
import { keepCheckpoints } from './keep-checkpoints.js';
import type { OpenAttempt, Run } from './state.js';
import { reasonOf } from './reason.js';
import { holdForPerson, pauseFor, throwIfCanceled } from './waiting.js';

/** Long enough for a person or Azure to change something, short enough not to miss much. */
const BLIND_PAUSE_SECONDS = 300;

/** How an attempt came to its end: proven, and by whose wish. */
export interface Ended {
  readonly status: EndStatus;
  readonly endedByUs: EndedByUs | null;
}

/**
 * Watches the open job until it is proven to have ended: by itself, because it passed a limit, or because an operator asked. Watched in
 * bounded segments; between two of them the run continues as new, so that its history stays small and a new worker version can take over.
 */
export async function supervise(run: Run, phase: PhaseConfig, open: OpenAttempt): Promise<Ended> {
  await Promise.all([keepCheckpoints(run, phase, open), run.flush()]);
  for (;;) {
    throwIfCanceled(run);
    const why = open.stopping ?? wishOf(run);
    if (why !== null) return bringToEnd(run, open, why);
    obeyInterval(run, open);
    const seen = await lookOrWait(run, open);
    if (seen === 'message') {
      await run.flush();
      continue;
    }
    if (seen.kind === 'ended') return { status: seen.status, endedByUs: null };
    if (seen.kind === 'segment-over') {
      run.state.seen = seen.progress;
      await continueRunAsNew(run);
    }
    if (seen.kind === 'news' && seen.due !== null) {
      const { limit, seconds, limitSeconds } = seen.due;
      if (seen.due.do === 'request-checkpoint') tell(open, { checkpoint: true });
      else {
        run.note({ kind: 'limit-passed', jobName: open.jobName, limit, seconds, limitSeconds });
        open.stopping = { for: 'limit', limit, seconds };
      }
    }
    await run.flush();
  }
}

/** A look that fails for good still says nothing about the job: it is left alone, and looked at again later. */
async function lookOrWait(run: Run, open: OpenAttempt): Promise<WatchResult | 'message'> {
  try {
    return await look(run, open, run.config.watch.segmentHours * 3600);
  } catch (error) {
    const sawNothing = error instanceof ActivityFailure && !CancellationScope.current().consideredCancelled;
    if (!sawNothing) throw error;
    run.note({ kind: 'watch-blind', jobName: open.jobName, reason: reasonOf(error) });
    await run.flush();
    await pauseFor(run, BLIND_PAUSE_SECONDS);
    // Where this goes on for weeks nothing else keeps the history short.
    return continueRunAsNew(run);
  }
}

/** Ends a job and proves it: a trainer that lives is asked to save and leave first, so that nothing is lost. */
export async function bringToEnd(run: Run, open: OpenAttempt, why: EndedByUs): Promise<Ended> {
  open.stopping = why;
  const step = stopStep(open.watch, null, run.config.stopping);
  if (step === 'ask-trainer') {
    tell(open, { stop: 'after-checkpoint' });
    const left = await waitForTrainer(run, open);
    if (left !== null) return { status: left, endedByUs: why };
  }
  return { status: await proveEnded(run, open.jobName), endedByUs: why };
}

/** Asks, proves, and where nothing but a person can help waits for one: nothing is submitted beside a job that may hold nodes. */
export async function proveEnded(run: Run, jobName: string): Promise<EndStatus> {
  const { place, config, state } = run;
  const rules = {
    jobName,
    stopping: config.stopping,
    pollSeconds: config.watch.pollSeconds,
    ownsCluster: state.ownsCluster,
  };
  for (;;) {
    const end = await attemptEnd.endJob({ place, cluster: config.cluster.name, rules });
    if (end.kind === 'proven') {
      run.note({ kind: 'end-proven', jobName, because: end.because });
      return end.status;
    }
    run.note({
      kind: 'held',
      phase: state.open?.phase ?? '',
      reason: `${end.because}; the run did not make the cluster and may not delete it`,
      nextCommand: `bertha resume ${config.name}`,
    });
    await holdForPerson(run, end.because);
  }
}

/** @returns the terminal status where the trainer left in time, else null */
async function waitForTrainer(run: Run, open: OpenAttempt): Promise<EndStatus | null> {
  const until = Date.now() + run.config.stopping.checkpointSeconds * 1000;
  while (Date.now() < until) {
    const seen = await look(run, open, Math.max(1, (until - Date.now()) / 1000));
    if (seen === 'message') continue;
    if (seen.kind === 'ended') return seen.status;
    if (seen.kind === 'segment-over') return null;
  }
  return null;
}

/** One segment of the watch, cut short by a message. */
async function look(run: Run, open: OpenAttempt, segmentSeconds: number): Promise<WatchResult | 'message'> {
  const { place, config, state } = run;
  const { pollSeconds } = config.watch;
  const rules = watchRules(config, state.operator.interval);
  const before = run.commands;
  const scope = new CancellationScope();
  const seen = await scope.run(async () => {
    const { phase: name, attempt, jobName, watch: memory, control } = open;
    const request = { place, phase: name, attempt, jobName, rules, memory, control, segmentSeconds };
    const summary = `${jobName}: a look every ${pollSeconds} s, for ${words(segmentSeconds)} at most`;
    const watching = watchTrainingJob(pollSeconds, summary).watchJob(request);
    const message = condition(() => run.commands !== before).then(() => 'message' as const);
    for (const one of [watching, message]) one.catch(() => undefined);
    const first = await Promise.race([watching, message]);
    scope.cancel();
    return first;
  });
  if (seen !== 'message') remember(run, open, seen);
  return seen;
}

function remember(run: Run, open: OpenAttempt, seen: WatchResult): void {
  open.watch = seen.memory;
  for (const alert of seen.alerts) run.note({ kind: 'watch-alert', jobName: open.jobName, alert });
}

/** Why an operator wants the job ended; null where nobody does. */
function wishOf(run: Run): EndedByUs | null {
  const { paused, recoverNow } = run.state.operator;
  if (paused !== null) return { for: 'operator', command: 'pause' };
  return recoverNow ? { for: 'operator', command: 'recover-now' } : null;
}

function obeyInterval(run: Run, open: OpenAttempt): void {
  const interval = run.state.operator.interval;
  tell(open, { checkpointSeconds: interval?.seconds ?? null, checkpointSteps: interval?.steps ?? null });
}

const words = (seconds: number) =>
  seconds >= 3600 ? `${Math.round(seconds / 360) / 10} h` : `${Math.round(seconds)} s`;

function tell(open: OpenAttempt, change: ControlChange): void {
  open.control = changeControl(open.control, change, Date.now());
}
