import { ApplicationFailure, patched, workflowInfo } from '@temporalio/workflow';
import type { AttemptRecord } from '../domain/attempts.js';
import type { PhaseConfig } from '../domain/config.js';
import { newControl } from '../domain/control.js';
import { intervalToBegin } from '../domain/interval/of-run.js';
import { type Decision, decide, decideOnPast } from '../domain/recovery.js';
import { trainerParameters } from '../domain/trainer-config.js';
import { newWatch } from '../domain/watch/memory.js';
import { continueRunAsNew } from './continue.js';
import { chooseCluster, heldUntil, pauseUntilDue } from './clusters.js';
import { sureOfCluster, sureOfInfrastructure } from './infrastructure.js';
import { azureCall, submission } from './proxies.js';
import { affordableSeconds, leased, refuseIfSpent } from './money.js';
import { noteLadder, settle } from './settle.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';
import { supervise } from './supervise.js';
import { holdForPerson, pauseFor, whilePaused } from './waiting.js';

/** Events; about ten attempts. Where each ends before its first watch segment does, nothing else keeps the history from growing for weeks. */
const LONGEST_HISTORY = 500;

/**
 * One training schedule from its first step to its last: attempt after attempt, each one job, each resumed from the newest checkpoint that verifies,
 * until the last step is saved or the recovery policy gives up.
 * @returns a summary in words
 */
export async function trainPhase(run: Run, phase: PhaseConfig): Promise<string> {
  const isOpen = run.state.open?.phase === phase.name;
  if (!isOpen) await findPast(run, phase);
  const trainedBefore = !isOpen && run.phase(phase.name).head?.step === phase.steps;
  if (trainedBefore) {
    run.state.phases[phase.name] = { ...run.phase(phase.name), done: true };
    return `trained by an earlier execution of the run, step ${phase.steps} verified`;
  }
  for (;;) {
    await whilePaused(run);
    const open = run.state.open ?? (await submitNextAttempt(run, phase));
    const ended = await supervise(run, phase, open);
    const before = run.phase(phase.name);
    const { record, head } = await settle(run, phase, open, ended);
    // Whatever ended the job, the wish for another one is fulfilled: it must not end the first job of the next phase.
    run.state.operator = { ...run.state.operator, recoverNow: false };
    // Commands name the run, which a Schedule calls otherwise than its config does.
    const decision = decide({ ...run.config, name: run.place.run }, before, record, head);
    run.state.phases[phase.name] = { ...decision.phase, lineage: run.phase(phase.name).lineage };
    if (decision.action === 'fail')
      throw ApplicationFailure.nonRetryable(`${decision.reason}; look with: ${decision.nextCommand}`, 'PhaseFailed');
    if (decision.action === 'advance') {
      const { attempts } = decision.phase;
      const summary = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, last masked-LM loss ${record.lossLast?.toFixed(3) ?? '-'}`;
      run.note({ kind: 'phase-done', phase: phase.name, step: head?.step ?? phase.steps, summary });
      await run.flush();
      return summary;
    }
    await goOn(run, phase, decision, record);
  }
}

/** Says how the phase goes on, and waits where the policy says so: for a person, for capacity, or not at all. */
async function goOn(
  run: Run,
  phase: PhaseConfig,
  decision: Extract<Decision, { action: 'resume' | 'hold' }>,
  record: AttemptRecord | null,
): Promise<void> {
  if (decision.action === 'hold') {
    const { reason, nextCommand } = decision;
    run.note({ kind: 'held', phase: phase.name, reason, nextCommand });
    await holdForPerson(run, reason, record === null ? null : heldUntil(run, phase, record));
  } else {
    const { reason, alert, from, waitSeconds } = decision;
    run.note({ kind: 'resuming', phase: phase.name, step: from?.step ?? null, reason });
    if (alert !== null) run.note({ kind: 'alert', phase: phase.name, text: alert });
    const seconds = pauseUntilDue(run, phase, waitSeconds);
    if (seconds > 0) run.note({ kind: 'waiting', phase: phase.name, seconds, reason });
    await run.flush();
    await pauseFor(run, seconds);
  }
  const historyGrewLong = workflowInfo().historyLength > LONGEST_HISTORY;
  if (historyGrewLong) await continueRunAsNew(run);
}

/**
 * A run that is taken up between two attempts looks for what earlier executions of it left: what they decided on may be damaged by now, which is
 * told, and asked of a person where much would be lost.
 */
async function findPast(run: Run, phase: PhaseConfig): Promise<void> {
  const { place, config, state } = run;
  const before = run.phase(phase.name);
  const hasPast = run.input.continueRun === true && before.attempts > 0 && before.head === null;
  // Who waits for a person over it has looked already, in the execution before.
  if (!hasPast || state.held !== null) return;
  const { lineage } = before;
  const found = await azureCall.findCheckpoint({ place, phase: phase.name, lineage, below: null, refused: null });
  const { checkpoint } = found;
  state.phases[phase.name] = { ...before, head: checkpoint };
  if (checkpoint?.step === phase.steps || !patched('past-is-told')) return;
  noteLadder(run, found);
  await goOn(run, phase, decideOnPast({ ...config, name: place.run }, before, checkpoint), null);
}

/** The attempt's number and name are fixed here, before the activity: a retry of it can never make a second job. */
async function submitNextAttempt(run: Run, phase: PhaseConfig): Promise<OpenAttempt> {
  await sureOfInfrastructure(run, phase.name);
  const cluster = chooseCluster(run, phase);
  refuseIfSpent(run, cluster);
  await sureOfCluster(run, phase.name, cluster);
  const { place, chain, config, state } = run;
  const before = run.phase(phase.name);
  const attempt = before.attempts + 1;
  const resumedFrom = before.head;
  const initFrom = resumedFrom === null && phase.initFrom !== undefined ? run.phase(phase.initFrom).head : null;
  run.state.phases[phase.name] = { ...before, attempts: attempt };
  const skipped = [...before.skipWindows, ...(state.operator.skipWindows[phase.name] ?? [])];
  const interval = intervalToBegin({ ...config, cluster }, state.measured);
  const submittedAt = Date.now();
  const { jobName, adopted } = await submission(
    `${phase.name} attempt ${attempt}, from step ${resumedFrom?.step ?? 0}`,
  ).submitJob({
    place,
    chain,
    phase: phase.name,
    attempt,
    trainer: config.trainer,
    parameters: trainerParameters(config, phase, skipped, interval?.seconds ?? null),
    cluster,
    codeId: state.codeId ?? '',
    environmentId: state.environmentId ?? '',
    dataFolder: state.dataset?.folder ?? '',
    resumeFrom: resumedFrom?.path ?? null,
    initFrom: initFrom?.path ?? null,
    affordableSeconds: affordableSeconds(run, cluster),
  });
  const open: OpenAttempt = {
    phase: phase.name,
    attempt,
    jobName,
    submittedAt,
    resumedFrom,
    cluster: cluster.name,
    ...(interval === null ? {} : { intervalSeconds: interval.seconds }),
    control: leased(run, newControl(submittedAt), cluster),
    watch: newWatch(),
    stopping: null,
  };
  run.state.open = open;
  const resumeStep = resumedFrom?.step ?? null;
  const began = interval === null ? {} : { interval: { seconds: interval.seconds, because: interval.because } };
  const elsewhere = cluster.name === config.cluster.name ? {} : { cluster: cluster.name };
  run.note({ kind: 'job-submitted', phase: phase.name, jobName, resumeStep, adopted, ...began, ...elsewhere });
  return open;
}
