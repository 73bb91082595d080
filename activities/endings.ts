import { cancellationSignal } from '@temporalio/activity';
import type { AttemptProgress } from '../domain/attempts.js';
import { attemptName } from '../domain/names.js';
import { attemptFolder } from '../domain/paths.js';
import { checkpointsAmong } from '../domain/resume/listing.js';
import type { MetricsLine } from '../domain/trainer.js';
import { publishCurve } from './curve/publish.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { incarnations, readHeartbeat, readMetrics } from './trainer.js';

export const endingActivities = (deps: Deps) => ({
  /** What the metrics of an attempt say about its training time. @param keptStep last step the lineage keeps of it */
  async measureAttempt(request: {
    place: Place;
    phase: string;
    attempt: number;
    keptStep: number | null;
  }): Promise<AttemptProgress> {
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
    return progressOf(
      lines,
      { step: heartbeat?.step ?? null, at: heartbeat === null ? null : Date.parse(heartbeat.at) },
      request.keptStep,
      written.length,
    );
  },

  /** Brings the TensorBoard view up to date with what the attempt left behind. */
  async publishCurve(request: { place: Place; phase: string; attempt: number }): Promise<void> {
    const { place, phase, attempt } = request;
    await publishCurve(storeOf(deps, place), place.run, phase, attemptName(attempt), cancellationSignal());
  },
});

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
