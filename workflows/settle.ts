import type { LadderRequest } from '../activities/checkpoints.js';
import type { AttemptRecord } from '../domain/attempts.js';
import type { CheckpointRef } from '../domain/checkpoints.js';
import type { PhaseConfig } from '../domain/config.js';
import { classifyEnding } from '../domain/endings/classify.js';
import type { Verdict } from '../domain/endings/evidence.js';
import { fallbackBelow } from '../domain/fallback.js';
import { extendLineage } from '../domain/lineage.js';
import { attemptName } from '../domain/names.js';
import { azureCall } from './proxies.js';
import type { OpenAttempt, Run } from './state.js';
import type { Ended } from './supervise.js';

/** After an attempt: which checkpoint counts now, how the job ended and why, what of its training is kept. The attempt is closed and journaled. */
export async function settle(
  run: Run,
  phase: PhaseConfig,
  open: OpenAttempt,
  ended: Ended,
): Promise<{ record: AttemptRecord; head: CheckpointRef | null }> {
  const { place, config } = run;
  const before = run.phase(phase.name);
  const ladder = { place, phase: phase.name, lineage: before.lineage };
  const attempt = { place, phase: phase.name, attempt: open.attempt };
  const cluster = config.cluster.name;
  const [found, collected] = await Promise.all([
    azureCall.findCheckpoint({ ...ladder, below: null, refused: null }),
    azureCall.collectEvidence({ ...attempt, jobName: open.jobName, cluster, ...ended }),
  ]);
  const finalCheckpointVerified = found.checkpoint?.step === phase.steps;
  const verdict = classifyEnding({ ...collected.evidence, finalCheckpointVerified });
  const below = fallbackBelow(before, verdict, open.resumedFrom);
  const again =
    below === null ? null : await azureCall.findCheckpoint({ ...ladder, below, refused: refusedBy(verdict, open) });
  const { checkpoint, rejected } = again ?? found;
  const ofThisAttempt = checkpoint !== null && checkpoint.attempt === attemptName(open.attempt);
  const keptStep = ofThisAttempt ? checkpoint.step : null;
  const [progress] = await Promise.all([
    azureCall.measureAttempt({ ...attempt, keptStep }),
    ofThisAttempt ? azureCall.publishCurve(attempt) : null,
  ]);
  const record: AttemptRecord = {
    ...progress,
    phase: phase.name,
    attempt: open.attempt,
    jobName: open.jobName,
    ending: verdict.ending,
    because: verdict.because,
    resumedFrom: open.resumedFrom,
    keptStep,
    submittedAt: open.submittedAt,
    nodesFrom: collected.nodesFrom,
    endedAt: Math.max(open.submittedAt, collected.nodesUntil ?? Date.now()),
    nodes: config.cluster.nodes,
    rejectedCheckpoints: rejected,
    evidence: verdict.evidence,
    exitCode: verdict.exitCode,
    spike: verdict.spike,
    head: checkpoint,
  };
  run.state.open = null;
  for (const action of [...found.quarantined, ...(again?.quarantined ?? [])])
    run.note({ kind: 'checkpoint-quarantined', ...action });
  for (const { path, reason } of rejected) run.note({ kind: 'checkpoint-rejected', path, reason });
  run.note({
    kind: 'attempt-ended',
    phase: phase.name,
    jobName: open.jobName,
    ending: verdict.ending,
    lastStep: progress.lastStep,
    because: verdict.because,
    preemptedNodes: collected.evidence.preemptedNodes,
  });
  run.keep(record);
  const part = { attempt: attemptName(open.attempt), upTo: keptStep ?? 0 };
  const lineage = extendLineage(before.lineage, { attempt: part, resumedFrom: open.resumedFrom, head: checkpoint });
  run.state.phases[phase.name] = { ...before, lineage };
  return { record, head: checkpoint };
}

/** The checkpoint that the trainer would not take, though it verified here. */
function refusedBy({ ending, because }: Verdict, { resumedFrom }: OpenAttempt): LadderRequest['refused'] {
  return ending === 'bad-checkpoint' && resumedFrom !== null ? { path: resumedFrom.path, reason: because } : null;
}
