import type { AttemptRecord } from './attempts.js';
import type { CheckpointRef } from './checkpoints.js';
import type { RunConfig } from './config.js';
import { isPreemption } from './endings/names.js';
import type { RunOutcome } from './events.js';
import { INCIDENTS_REPORTED, type Incident } from './incidents.js';
import { attemptSeconds, cost, nodeSeconds, runSeconds } from './ledger.js';
import type { AttemptReport, PhaseReport, RunReport } from './report.js';
import type { Evaluation } from './trainer.js';

export interface RunFacts {
  readonly config: RunConfig;
  readonly run: string;
  readonly outcome: RunOutcome;
  readonly because: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly currency: string;
  readonly pricePerNodeHour: number | null;
  readonly attempts: readonly AttemptRecord[];
  readonly incidents: readonly Incident[];
  /** By phase: its newest checkpoint and its held-out evaluation. */
  readonly heads: Readonly<Record<string, CheckpointRef | null>>;
  readonly evaluations: Readonly<Record<string, Evaluation | null>>;
  readonly model: RunReport['model'];
  readonly dataset: RunReport['dataset'];
  readonly clusterNodesLeft: number | null;
}

/** The report of a run from its facts; every number in it can be recomputed from the journal. */
export function summarize(facts: RunFacts): RunReport {
  const held = facts.attempts.reduce((sum, attempt) => sum + nodeSeconds(attempt), 0);
  // A continued run began with the first attempt of its lineage, not with the execution that ended it.
  const startedAt = Math.min(facts.startedAt, ...facts.attempts.map((attempt) => attempt.submittedAt));
  return {
    format: 'bertha-report/1',
    run: facts.run,
    outcome: facts.outcome,
    because: facts.because,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(facts.endedAt).toISOString(),
    phases: facts.config.phases.map((phase) => phaseReport(facts, phase.name, phase.steps)),
    incidents: facts.incidents
      .slice(-INCIDENTS_REPORTED)
      .map(({ at, text }) => ({ at: new Date(at).toISOString(), text })),
    incidentsLeftOut: Math.max(0, facts.incidents.length - INCIDENTS_REPORTED),
    preemptions: facts.attempts.filter((attempt) => isPreemption(attempt.ending)).length,
    seconds: runSeconds(startedAt, facts.endedAt, facts.attempts),
    cost: {
      total: cost(held, facts.pricePerNodeHour),
      currency: facts.currency,
      nodeSeconds: round(held),
      pricePerNodeHour: facts.pricePerNodeHour,
      sku: facts.config.cluster.sku,
      priority: facts.config.cluster.priority,
    },
    model: facts.model,
    dataset: facts.dataset,
    clusterNodesLeft: facts.clusterNodesLeft,
    whereToLook: [`bertha show ${facts.run}`, `bertha logs ${facts.run}`, `bertha tensorboard ${facts.run}`],
  };
}

function phaseReport(facts: RunFacts, name: string, planned: number): PhaseReport {
  const attempts = facts.attempts.filter((attempt) => attempt.phase === name).sort((a, b) => a.attempt - b.attempt);
  const evaluation = facts.evaluations[name] ?? null;
  const head = facts.heads[name] ?? null;
  const last = attempts.at(-1);
  const unfinished = last === undefined || last.ending === 'completed' ? [] : (last.evidence ?? []);
  return {
    name,
    steps: { done: head?.step ?? 0, planned },
    loss: {
      mlm: {
        first: attempts.find((attempt) => attempt.lossFirst !== null)?.lossFirst ?? null,
        last: attempts.findLast((attempt) => attempt.lossLast !== null)?.lossLast ?? null,
        heldOut: evaluation?.heldOut.mlm ?? null,
        unigram: evaluation?.unigram ?? null,
        uniform: evaluation?.uniform ?? null,
      },
      nsp: { heldOut: evaluation?.heldOut.nsp ?? null, accuracy: evaluation?.heldOut.nspAccuracy ?? null },
    },
    attempts: attempts.map(attemptReport),
    lastEvidence: unfinished.map(({ source, fact }) => ({ source, fact })),
    sampleHash: head?.sampleHash ?? null,
  };
}

function attemptReport(attempt: AttemptRecord): AttemptReport {
  return {
    job: attempt.jobName,
    ending: attempt.ending,
    because: attempt.because,
    firstStep: attempt.firstStep,
    lastStep: attempt.lastStep,
    resumedFromStep: attempt.resumedFrom?.step ?? 0,
    keptStep: attempt.keptStep,
    checkpoints: attempt.checkpointsWritten,
    rejectedCheckpoints: attempt.rejectedCheckpoints.map(({ path, reason }) => ({ path, reason })),
    seconds: attemptSeconds(attempt),
    nodeSeconds: round(nodeSeconds(attempt)),
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
