import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { PhaseConfig } from '../domain/config.js';
import { decide } from '../domain/recovery.js';
import { trainerParameters } from '../domain/trainer-config.js';
import { continueRunAsNew } from './continue.js';
import { azureCall, submission, watchTrainingJob } from './proxies.js';
import { reasonOf } from './reason.js';
import { type JobStatus, settle } from './settle.js';
import type { OpenAttempt, Run } from './state.js';

/** Events; about ten attempts. Where each ends before its first watch segment does, nothing else keeps the history from growing for weeks. */
const LONGEST_HISTORY = 500;

/** Long enough for a person or Azure to change something, short enough not to miss much. */
const BLIND_PAUSE = '5 minutes';

/**
 * One training schedule from its first step to its last: attempt after attempt, each one job, each resumed from the newest checkpoint that verifies,
 * until the last step is saved or the recovery policy gives up.
 * @returns a summary in words
 */
export async function trainPhase(run: Run, phase: PhaseConfig): Promise<string> {
  if (run.state.open === null) await beginPhase(run, phase);
  const trainedBefore = run.state.open === null && run.phase(phase.name).head?.step === phase.steps;
  if (trainedBefore) return `trained by an earlier execution of the run, step ${phase.steps} verified`;
  for (;;) {
    const open = run.state.open ?? (await submitNextAttempt(run, phase));
    const status = await watchUntilEnded(run, open);
    const before = run.phase(phase.name);
    const { record, head } = await settle(run, phase, open, { status, endedByUs: null });
    const decision = decide(run.config, before, record, head);
    run.state.phases[phase.name] = { ...decision.phase, lineage: run.phase(phase.name).lineage };
    if (decision.action === 'fail' || decision.action === 'hold')
      throw ApplicationFailure.nonRetryable(`${decision.reason}; look with: ${decision.nextCommand}`, 'PhaseFailed');
    if (decision.action === 'advance') {
      const summary = `${decision.phase.attempts} ${decision.phase.attempts === 1 ? 'attempt' : 'attempts'}, last masked-LM loss ${record.lossLast?.toFixed(3) ?? '-'}`;
      run.note({ kind: 'phase-done', phase: phase.name, step: head?.step ?? phase.steps, summary });
      await run.flush();
      return summary;
    }
    run.note({ kind: 'resuming', phase: phase.name, step: decision.from?.step ?? null, reason: decision.reason });
    await run.flush();
    if (decision.waitSeconds > 0) await sleep(decision.waitSeconds * 1000);
    const historyGrewLong = workflowInfo().historyLength > LONGEST_HISTORY;
    if (historyGrewLong) await continueRunAsNew(run);
  }
}

/** Writes the phase's parameters; a continued run looks for what earlier executions of it left. */
async function beginPhase(run: Run, phase: PhaseConfig): Promise<void> {
  const { place } = run;
  await azureCall.writeTrainerConfig({ place, phase: phase.name, parameters: trainerParameters(run.config, phase) });
  const before = run.phase(phase.name);
  const hasPast = run.input.continueRun === true && before.attempts > 0 && before.head === null;
  if (!hasPast) return;
  const { checkpoint } = await azureCall.findCheckpoint({
    place,
    phase: phase.name,
    lineage: before.lineage,
    below: null,
  });
  run.state.phases[phase.name] = { ...before, head: checkpoint };
}

/** The attempt's number and name are fixed here, before the activity: a retry of it can never make a second job. */
async function submitNextAttempt(run: Run, phase: PhaseConfig): Promise<OpenAttempt> {
  const { place, chain, config, state } = run;
  const before = run.phase(phase.name);
  const attempt = before.attempts + 1;
  const resumedFrom = before.head;
  const initFrom = resumedFrom === null && phase.initFrom !== undefined ? run.phase(phase.initFrom).head : null;
  run.state.phases[phase.name] = { ...before, attempts: attempt };
  const submittedAt = Date.now();
  const { jobName, adopted } = await submission(
    `${phase.name} attempt ${attempt}, from step ${resumedFrom?.step ?? 0}`,
  ).submitJob({
    place,
    chain,
    phase: phase.name,
    attempt,
    trainer: config.trainer,
    cluster: config.cluster,
    codeId: state.codeId ?? '',
    environmentId: state.environmentId ?? '',
    dataFolder: state.dataset?.folder ?? '',
    resumeFrom: resumedFrom?.path ?? null,
    initFrom: initFrom?.path ?? null,
  });
  const open = { phase: phase.name, attempt, jobName, submittedAt, resumedFrom };
  run.state.open = open;
  run.note({ kind: 'job-submitted', phase: phase.name, jobName, resumeStep: resumedFrom?.step ?? null, adopted });
  return open;
}

/** Watches in bounded segments; between two of them the run continues as new, so that its history stays small and a new worker version can take over. */
async function watchUntilEnded(run: Run, open: OpenAttempt): Promise<JobStatus> {
  const { pollSeconds, segmentHours } = run.config.watch;
  const { phase, attempt, jobName, submittedAt } = open;
  const { watchJob } = watchTrainingJob(
    pollSeconds,
    `${jobName}: a look every ${pollSeconds} s, for ${segmentHours} h at most`,
  );
  try {
    const result = await watchJob({
      place: run.place,
      phase,
      attempt,
      jobName,
      submittedAt,
      pollSeconds,
      segmentSeconds: segmentHours * 3600,
    });
    if (result.kind === 'ended') return result.status;
    run.state.seen = result.progress;
  } catch (error) {
    const azureGaveNoAnswer = error instanceof ActivityFailure && !CancellationScope.current().consideredCancelled;
    if (!azureGaveNoAnswer) throw error;
    await waitForSight(run, jobName, reasonOf(error));
  }
  await run.flush();
  await condition(allHandlersFinished);
  return continueRunAsNew(run);
}

/** An answer that no retry changes still says nothing about the job: it is left alone, and looked at again later. */
async function waitForSight(run: Run, jobName: string, reason: string): Promise<void> {
  run.note({ kind: 'watch-blind', jobName, reason });
  await sleep(BLIND_PAUSE, { summary: `${jobName} cannot be looked at: the next look comes after this` });
}
