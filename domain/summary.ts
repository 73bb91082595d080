import type { AttemptRecord } from './attempts.js';
import { clusterCosts } from './cluster-costs.js';
import type { CheckpointRef } from './checkpoints.js';
import type { RunConfig } from './config.js';
import { isPreemption } from './endings/names.js';
import type { RunEvent, RunOutcome } from './events.js';
import { account, pricesOf } from './goodput/account.js';
import type { Segment } from './goodput/canvas.js';
import { type Kept, keptOf } from './goodput/kept.js';
import { type PriceOf, money, secondsOf, sumsOf, total } from './goodput/sums.js';
import { timeline } from './goodput/timeline.js';
import { INCIDENTS_REPORTED, type Incident } from './incidents.js';
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
  /** Of a dedicated node of the same size; absent or null where none is known. */
  readonly dedicatedPricePerNodeHour?: number | null;
  readonly attempts: readonly AttemptRecord[];
  readonly incidents: readonly Incident[];
  /** All that the journal holds; absent where it could not be read: then the time between attempts is unexplained. */
  readonly events?: readonly RunEvent[];
  /** By phase: its newest checkpoint and its held-out evaluation. */
  readonly heads: Readonly<Record<string, CheckpointRef | null>>;
  readonly evaluations: Readonly<Record<string, Evaluation | null>>;
  readonly model: RunReport['model'];
  readonly dataset: RunReport['dataset'];
  readonly clusterNodesLeft: number | null;
}

/** The report of a run from its facts; every number in it can be recomputed from the journal. */
export function summarize(facts: RunFacts): RunReport {
  // A continued run began with the first attempt of its lineage, not with the execution that ended it.
  const startedAt = Math.min(facts.startedAt, ...facts.attempts.map((attempt) => attempt.submittedAt));
  const { attempts, events = [], heads, endedAt, pricePerNodeHour } = facts;
  const segments = timeline({ from: startedAt, until: endedAt, events, attempts, heads });
  const told: Told = { segments, kept: keptOf(attempts, heads), priceOf: pricesOf(attempts, pricePerNodeHour) };
  const all = total(sumsOf(segments, told.priceOf));
  return {
    format: 'bertha-report/1',
    run: facts.run,
    outcome: facts.outcome,
    because: facts.because,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(facts.endedAt).toISOString(),
    phases: facts.config.phases.map((phase) => phaseReport(facts, told, phase.name, phase.steps)),
    incidents: facts.incidents
      .slice(-INCIDENTS_REPORTED)
      .map(({ at, text }) => ({ at: new Date(at).toISOString(), text })),
    incidentsLeftOut: Math.max(0, facts.incidents.length - INCIDENTS_REPORTED),
    preemptions: facts.attempts.filter((attempt) => isPreemption(attempt.ending)).length,
    seconds: wallSeconds(segments),
    goodput: account(segments, attempts, {
      run: pricePerNodeHour,
      dedicated: facts.dedicatedPricePerNodeHour ?? null,
    }),
    cost: {
      total: money(all.price) ?? 0,
      currency: facts.currency,
      nodeSeconds: secondsOf(all.nodeMs),
      pricePerNodeHour: facts.pricePerNodeHour,
      sku: facts.config.cluster.sku,
      priority: facts.config.cluster.priority,
      clusters: clusterCosts(facts.config, attempts, segments, told.priceOf),
    },
    model: facts.model,
    dataset: facts.dataset,
    clusterNodesLeft: facts.clusterNodesLeft,
    whereToLook: [`bertha show ${facts.run}`, `bertha logs ${facts.run}`, `bertha tensorboard ${facts.run}`],
  };
}

/** The time of the run, and what its lineage holds. */
interface Told {
  readonly segments: readonly Segment[];
  readonly kept: ReadonlyMap<string, Kept>;
  readonly priceOf: PriceOf;
}

function wallSeconds(segments: readonly Segment[]): RunReport['seconds'] {
  const sums = sumsOf(segments, () => null);
  const wall = total(sums).ms;
  const useful = sums.useful?.ms ?? 0;
  const lost = sums['lost-work']?.ms ?? 0;
  return {
    useful: secondsOf(useful),
    lost: secondsOf(lost),
    waiting: secondsOf(wall - useful - lost),
    wall: secondsOf(wall),
  };
}

function phaseReport(facts: RunFacts, told: Told, name: string, planned: number): PhaseReport {
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
    attempts: attempts.map((attempt) => attemptReport(attempt, told)),
    lastEvidence: unfinished.map(({ source, fact }) => ({ source, fact })),
    sampleHash: head?.sampleHash ?? null,
  };
}

function attemptReport(attempt: AttemptRecord, { segments, kept, priceOf }: Told): AttemptReport {
  const sums = sumsOf(
    segments.filter(({ jobName }) => jobName === attempt.jobName),
    priceOf,
  );
  const { nodeMs, price } = total(sums);
  const useful = sums.useful?.ms ?? 0;
  const lost = sums['lost-work']?.ms ?? 0;
  return {
    job: attempt.jobName,
    ending: attempt.ending,
    because: attempt.because,
    firstStep: attempt.firstStep,
    lastStep: attempt.lastStep,
    resumedFromStep: attempt.resumedFrom?.step ?? 0,
    keptStep: kept.get(attempt.jobName)?.step ?? null,
    checkpoints: attempt.checkpointsWritten,
    rejectedCheckpoints: attempt.rejectedCheckpoints.map(({ path, reason }) => ({ path, reason })),
    seconds: { useful: secondsOf(useful), lost: secondsOf(lost), total: secondsOf(total(sums).ms) },
    nodeSeconds: secondsOf(nodeMs),
    buckets: Object.fromEntries(Object.entries(sums).map(([bucket, { ms }]) => [bucket, secondsOf(ms)])),
    price: money(price),
  };
}
