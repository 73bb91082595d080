import { cancellationSignal } from '@temporalio/activity';
import { AzureError } from '../azure/errors.js';
import type { AttemptProgress } from '../domain/attempts.js';
import { attemptName } from '../domain/names.js';
import { attemptFolder } from '../domain/paths.js';
import { checkpointsAmong } from '../domain/resume/listing.js';
import type { MetricsLine } from '../domain/trainer.js';
import { publishCurve } from './curve/publish.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { incarnations, readHeartbeat, readMetrics } from './trainer.js';

export interface Measured {
  readonly progress: AttemptProgress;
  /** Why the TensorBoard view lacks the attempt; null where it does not. */
  readonly curveMissing: string | null;
}

export const endingActivities = (deps: Deps) => ({
  /**
   * What the metrics of an attempt say about its training time; where something of it is kept, the TensorBoard view is brought up to date too.
   * @param keptStep last step the lineage keeps of it
   */
  async measureAttempt(request: {
    place: Place;
    phase: string;
    attempt: number;
    keptStep: number | null;
  }): Promise<Measured> {
    const store = storeOf(deps, request.place);
    const signal = cancellationSignal();
    const folder = attemptFolder(request.place.run, request.phase, request.attempt);
    const started = await incarnations(store, request.place.run, request.phase, request.attempt, signal);
    const lines = (
      await Promise.all(started.map((incarnation) => readMetrics(store, `${folder}/${incarnation}`, signal)))
    ).flat();
    const heartbeat =
      started.length === 0 ? null : await readHeartbeat(store, `${folder}/${started.at(-1) ?? ''}`, signal);
    const written = checkpointsAmong(
      (await store.list(`${folder}/`, signal)).filter((blob) => blob.path.endsWith('/manifest.json')),
    );
    const progress = progressOf(
      lines,
      { step: heartbeat?.step ?? null, at: heartbeat === null ? null : Date.parse(heartbeat.at) },
      request.keptStep,
      written.length,
    );
    const { place, phase, attempt, keptStep } = request;
    const publishing = keptStep === null ? null : publishCurve(store, place.run, phase, attemptName(attempt), signal);
    return { progress, curveMissing: await reasonAgainst(publishing) };
  },
});

/** Why something cannot be had however often it is tried; null where it is there. @throws what is worth another try */
async function reasonAgainst(work: Promise<void> | null): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof AzureError && error.kind === 'permanent') return error.message;
    throw error;
  }
}

/** The heartbeat may know later steps than the last closed file of metrics; both count as seen. */
function progressOf(
  lines: readonly MetricsLine[],
  heartbeat: { step: number | null; at: number | null },
  keptStep: number | null,
  checkpointsWritten: number,
): AttemptProgress {
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) {
    return {
      firstStep: null,
      lastStep: null,
      trainingFrom: null,
      keptUntil: null,
      trainedUntil: null,
      lossFirst: null,
      lossLast: null,
      checkpointsWritten,
    };
  }
  const kept = keptStep === null ? undefined : lines.filter((line) => line.step <= keptStep).at(-1);
  const heartbeatIsAhead = heartbeat.step !== null && heartbeat.step > last.step && heartbeat.at !== null;
  return {
    firstStep: first.step,
    lastStep: heartbeatIsAhead ? heartbeat.step : last.step,
    trainingFrom: Date.parse(first.at) - Math.round(first.seconds * 1000),
    keptUntil: kept === undefined ? null : Date.parse(kept.at),
    trainedUntil: heartbeatIsAhead ? heartbeat.at : Date.parse(last.at),
    lossFirst: first.loss['mlm'] ?? null,
    lossLast: last.loss['mlm'] ?? null,
    checkpointsWritten,
  };
}
