import { cancellationSignal } from '@temporalio/activity';
import type { BlobContainer } from '../azure/blob.js';
import { AzureError } from '../azure/errors.js';
import type { AttemptProgress } from '../domain/attempts.js';
import { type AttemptStart, STARTS_KEPT, startOf } from '../domain/goodput/starts.js';
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
    const all = await Promise.all(started.map((incarnation) => readStart(store, folder, incarnation, signal)));
    const written = checkpointsAmong(
      (await store.list(`${folder}/`, signal)).filter((blob) => blob.path.endsWith('/manifest.json')),
    );
    const progress = progressOf(all, request.keptStep, written.length);
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

interface ReadStart {
  readonly start: AttemptStart;
  readonly lines: readonly MetricsLine[];
}

async function readStart(
  store: BlobContainer,
  folder: string,
  incarnation: string,
  signal: AbortSignal,
): Promise<ReadStart> {
  const [lines, heartbeat] = await Promise.all([
    readMetrics(store, `${folder}/${incarnation}`, signal),
    readHeartbeat(store, `${folder}/${incarnation}`, signal),
  ]);
  return { start: startOf(incarnation, lines, heartbeat), lines };
}

/** From the first step of the first start to the last step of the last one. @param all oldest first */
function progressOf(all: readonly ReadStart[], keptStep: number | null, checkpointsWritten: number): AttemptProgress {
  const lines = all.flatMap((one) => one.lines);
  const trained = all.flatMap(({ start }) => (start.firstStep === null ? [] : [start]));
  const last = trained.at(-1);
  const kept = keptStep === null ? undefined : lines.filter((line) => line.step <= keptStep).at(-1);
  const leftOut = Math.max(0, all.length - STARTS_KEPT);
  return {
    firstStep: trained[0]?.firstStep ?? null,
    lastStep: last?.lastStep ?? null,
    trainingFrom: trained[0]?.trainingFrom ?? null,
    keptUntil: kept === undefined ? null : Date.parse(kept.at),
    trainedUntil: last?.trainedUntil ?? null,
    lossFirst: lines[0]?.loss['mlm'] ?? null,
    lossLast: lines.at(-1)?.loss['mlm'] ?? null,
    checkpointsWritten,
    starts: all.slice(leftOut).map(({ start }) => start),
    ...(leftOut === 0 ? {} : { startsLeftOut: leftOut }),
  };
}
