import type { FoundCheckpoint, LadderRequest } from '../activities/checkpoints.js';
import type { Evidence } from '../activities/evidence.js';
import type { AttemptProgress } from '../domain/attempts.js';
import type { PhaseConfig } from '../domain/config.js';
import { classifyEnding } from '../domain/endings/classify.js';
import type { Verdict } from '../domain/endings/evidence.js';
import { fallbackBelow } from '../domain/fallback.js';
import { attemptName } from '../domain/names.js';
import { clusterOf } from './clusters.js';
import { orElse } from './or-else.js';
import { azureCall } from './proxies.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';
import type { Ended } from './supervise.js';

/** All that is known of an attempt that has ended. */
export interface AttemptFacts {
  readonly verdict: Verdict;
  readonly collected: Evidence;
  readonly progress: AttemptProgress;
  /** The last answer of the resume ladder is the one that counts. */
  readonly ladder: readonly FoundCheckpoint[];
  /** Last step that the lineage keeps of it; null where nothing of it is kept. */
  readonly keptStep: number | null;
}

/** Looks how an attempt ended and what is left of it. Only what the next attempt hangs on must be had; the rest only describes. */
export async function gatherFacts(
  run: Run,
  phase: PhaseConfig,
  open: OpenAttempt,
  ended: Ended,
): Promise<AttemptFacts> {
  const { place } = run;
  const before = run.phase(phase.name);
  const asked = { place, phase: phase.name, lineage: before.lineage };
  const [first, collected] = await Promise.all([
    azureCall.findCheckpoint({ ...asked, below: null, refused: null }),
    evidenceOf(run, open, ended),
  ]);
  const finalCheckpointVerified = first.checkpoint?.step === phase.steps;
  const verdict = classifyEnding({ ...collected.evidence, finalCheckpointVerified });
  const below = fallbackBelow(before, verdict, open.resumedFrom);
  const older =
    below === null ? [] : [await azureCall.findCheckpoint({ ...asked, below, refused: refusedBy(verdict, open) })];
  const { checkpoint } = older[0] ?? first;
  const keptStep = checkpoint?.attempt === attemptName(open.attempt) ? checkpoint.step : null;
  const progress = await progressOf(run, open, keptStep);
  return { verdict, collected, progress, ladder: [first, ...older], keptStep };
}

function evidenceOf(run: Run, open: OpenAttempt, ended: Ended): Promise<Evidence> {
  const { phase, attempt, jobName } = open;
  const cluster = clusterOf(run, jobName).name;
  const collecting = azureCall.collectEvidence({ place: run.place, phase, attempt, jobName, cluster, ...ended });
  const what = `what Azure and the trainer say of job ${jobName}`;
  return orElse(run, phase, what, collecting, withoutEvidence(open, ended));
}

/** All that the watch alone knows of an ending. */
function withoutEvidence({ jobName, watch }: OpenAttempt, ended: Ended): Evidence {
  const evidence = {
    ...{ jobName, ...ended, errorCode: null, errorMessage: null, warnings: [], preemptedNodes: [] },
    ...{ trainerStarted: watch.heartbeat !== null, lastWords: null },
  };
  return { evidence, nodesFrom: null, nodesUntil: null };
}

/** The checkpoint that the trainer would not take, though it verified here. */
function refusedBy({ ending, because }: Verdict, { resumedFrom }: OpenAttempt): LadderRequest['refused'] {
  return ending === 'bad-checkpoint' && resumedFrom !== null ? { path: resumedFrom.path, reason: because } : null;
}

const UNMEASURED: AttemptProgress = {
  ...{ firstStep: null, lastStep: null, trainingFrom: null, keptUntil: null, trainedUntil: null },
  ...{ lossFirst: null, lossLast: null, checkpointsWritten: 0 },
};

async function progressOf(run: Run, open: OpenAttempt, keptStep: number | null): Promise<AttemptProgress> {
  const { phase, attempt, jobName } = open;
  const measuring = azureCall.measureAttempt({ place: run.place, phase, attempt, keptStep });
  const nothing = { progress: UNMEASURED, curveMissing: null };
  const { progress, curveMissing } = await orElse(run, phase, `the measure of job ${jobName}`, measuring, nothing);
  if (curveMissing !== null)
    run.note({ kind: 'alert', phase, text: `the curve of job ${jobName} is missing: ${curveMissing}` });
  return progress;
}
