import type { FoundCheckpoint } from '../activities/checkpoints.js';
import type { AttemptRecord } from '../domain/attempts.js';
import type { CheckpointRef } from '../domain/checkpoints.js';
import type { PhaseConfig } from '../domain/config.js';
import { closed } from '../domain/goodput/running.js';
import { withAttempt } from '../domain/interval/measured.js';
import { clusterNamed } from '../domain/clusters.js';
import { extendLineage } from '../domain/lineage.js';
import { attemptName } from '../domain/names.js';
import { type AttemptFacts, gatherFacts } from './attempt-facts.js';
import { priceOn } from './money.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';
import type { Ended } from './supervise.js';

/** After an attempt: which checkpoint counts now, how the job ended and why, what of its training is kept. The attempt is closed and journaled. */
export async function settle(
  run: Run,
  phase: PhaseConfig,
  open: OpenAttempt,
  ended: Ended,
): Promise<{ record: AttemptRecord; head: CheckpointRef | null }> {
  const seenEndAt = Date.now();
  const facts = await gatherFacts(run, phase, open, ended);
  const record = recordOf(run, open, facts, seenEndAt);
  run.state.open = null;
  noteAll(run, record, facts);
  run.keep(record);
  run.state.ledger = closed(run.state.ledger, record, run.state.pricePerNodeHour);
  run.state.measured = withAttempt(run.state.measured, record);
  const before = run.phase(phase.name);
  const head = record.head ?? null;
  const attempt = { attempt: attemptName(open.attempt), upTo: record.keptStep ?? 0 };
  const lineage = extendLineage(before.lineage, { attempt, resumedFrom: open.resumedFrom, head });
  run.state.phases[phase.name] = { ...before, lineage };
  return { record, head };
}

function recordOf(run: Run, open: OpenAttempt, facts: AttemptFacts, seenEndAt: number): AttemptRecord {
  const { verdict, collected, progress, ladder, keptStep } = facts;
  // Where Azure tells no end, it is when we knew of it.
  const endedAt = Math.max(open.submittedAt, collected.nodesUntil ?? seenEndAt);
  const metered = open.watch.meter?.seconds ?? 0;
  const answer = ladder.at(-1);
  const cluster = clusterNamed(run.config, open.cluster);
  return {
    ...progress,
    phase: open.phase,
    attempt: open.attempt,
    jobName: open.jobName,
    ending: verdict.ending,
    because: verdict.because,
    resumedFrom: open.resumedFrom,
    keptStep,
    submittedAt: open.submittedAt,
    // What Azure does not tell is paid for all the same.
    nodesFrom: collected.nodesFrom ?? (metered > 0 ? endedAt - metered * 1000 : null),
    endedAt,
    seenEndAt,
    nodes: cluster.nodes,
    cluster: cluster.name,
    pace: open.watch.pace,
    pricePerNodeHour: priceOn(run, cluster),
    rejectedCheckpoints: answer?.rejected ?? [],
    evidence: verdict.evidence,
    exitCode: verdict.exitCode,
    spike: verdict.spike,
    head: answer?.checkpoint ?? null,
  };
}

/** What stood in the way of the resume ladder. */
export function noteLadder(
  run: Run,
  { quarantined, rejected }: Pick<FoundCheckpoint, 'quarantined' | 'rejected'>,
): void {
  for (const action of quarantined) run.note({ kind: 'checkpoint-quarantined', ...action });
  for (const { path, reason } of rejected) run.note({ kind: 'checkpoint-rejected', path, reason });
}

function noteAll(run: Run, record: AttemptRecord, { ladder, collected }: AttemptFacts): void {
  const quarantined = ladder.flatMap((one) => one.quarantined);
  noteLadder(run, { quarantined, rejected: record.rejectedCheckpoints });
  const { phase, jobName, ending, lastStep, because } = record;
  const { preemptedNodes } = collected.evidence;
  run.note({ kind: 'attempt-ended', phase, jobName, ending, lastStep, because, preemptedNodes });
}
