import { ApplicationFailure } from '@temporalio/workflow';
import type { EndedByUs } from '../domain/endings/evidence.js';
import type { EndStatus } from '../domain/proof.js';
import { stopStep } from '../domain/stopping.js';
import { clusterOf, isOurs, noteDeleted } from './clusters.js';
import { look, sawNothing } from './look.js';
import { attemptEnd } from './proxies.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';
import { tell } from './tell.js';
import { holdForPerson } from './waiting.js';

/** Ends a job and proves it: a trainer that lives is asked to save and leave first, so that nothing is lost. */
export async function bringToEnd(
  run: Run,
  open: OpenAttempt,
  why: EndedByUs,
): Promise<{ status: EndStatus; endedByUs: EndedByUs }> {
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
  for (;;) {
    const status = await prove(run, jobName, true);
    if (status !== null) return status;
  }
}

/**
 * Azure's terminal word is its own proof; a job that Azure does not know may hold nodes all the same, or come to light again.
 * @returns null where it lives
 */
export async function confirmed(run: Run, { jobName }: OpenAttempt, status: EndStatus): Promise<EndStatus | null> {
  return status === 'NotFound' ? prove(run, jobName, false) : status;
}

/** @returns null where nothing is proven: the job lives though nobody wanted it to end, or a person was called and has answered */
async function prove(run: Run, jobName: string, wanted: boolean): Promise<EndStatus | null> {
  const { place, config, state } = run;
  const { stopping, watch } = config;
  const cluster = clusterOf(run, jobName).name;
  const rules = { jobName, wanted, stopping, pollSeconds: watch.pollSeconds, ownsCluster: isOurs(run, cluster) };
  const end = await attemptEnd.endJob({ place, chain: run.chain, cluster, rules });
  if (end.kind === 'alive') return null;
  if (end.kind === 'proven') {
    run.note({ kind: 'end-proven', jobName, because: end.because });
    if (end.clusterDeleted === true) noteDeleted(run, cluster);
    return end.status;
  }
  const reason = end.because;
  // Who cancels a run wants its report: it says what could not be ended.
  if (state.operator.canceled !== null) throw ApplicationFailure.nonRetryable(reason, 'JobNotEnded');
  run.note({ kind: 'held', phase: state.open?.phase ?? '', reason, nextCommand: `bertha resume ${place.run}` });
  await holdForPerson(run, end.because);
  return null;
}

/** @returns the terminal status where the trainer left in time, else null */
async function waitForTrainer(run: Run, open: OpenAttempt): Promise<EndStatus | null> {
  const until = Date.now() + run.config.stopping.checkpointSeconds * 1000;
  while (Date.now() < until) {
    const seen = await lookOrNothing(run, open, Math.max(1, (until - Date.now()) / 1000));
    if (seen === 'message') continue;
    if (seen === null || seen.kind === 'segment-over') return null;
    if (seen.kind === 'ended') return seen.status === 'NotFound' ? null : seen.status;
  }
  return null;
}

async function lookOrNothing(run: Run, open: OpenAttempt, seconds: number) {
  try {
    return await look(run, open, seconds);
  } catch (error) {
    if (!sawNothing(error)) throw error;
    return null;
  }
}
