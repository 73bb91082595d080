import { listNodes } from '../azure/cluster.js';
import { orNull } from '../azure/errors.js';
import { getJobHistory } from '../azure/history.js';
import type { AttemptProgress } from '../domain/attempts.js';
import { type EndedByUs, type JobEvidence, nodesTaken } from '../domain/endings/evidence.js';
import { attemptName } from '../domain/names.js';
import { attemptFolder } from '../domain/paths.js';
import { checkpointsAmong } from '../domain/resume/listing.js';
import type { MetricsLine } from '../domain/trainer.js';
import { publishCurve } from './curve/publish.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { incarnations, readHeartbeat, readLastWords, readMetrics } from './trainer.js';

export interface EvidenceRequest {
  readonly place: Place;
  readonly phase: string;
  readonly attempt: number;
  readonly jobName: string;
  readonly cluster: string;
  readonly status: JobEvidence['status'];
  readonly endedByUs: EndedByUs | null;
}

export interface Evidence {
  /** All but what the checkpoints say (`finalCheckpointVerified`), which are looked at meanwhile. */
  readonly evidence: Omit<JobEvidence, 'finalCheckpointVerified'>;
  /** Epoch milliseconds between which Azure held nodes for the job; null where it never did. */
  readonly nodesFrom: number | null;
  readonly nodesUntil: number | null;
}

export const endingActivities = (deps: Deps) => ({
  /** Collects what Azure and the trainer say about a job that has ended: run history, nodes, last words. */
  async collectEvidence(request: EvidenceRequest): Promise<Evidence> {
    const { place, phase, attempt, jobName } = request;
    const azure = deps.connection(place.azure);
    const store = storeOf(deps, place);
    const [history, nodes, started] = await Promise.all([
      getJobHistory(azure, jobName),
      orNull(listNodes(azure, request.cluster)),
      incarnations(store, place.run, phase, attempt),
    ]);
    const folder = `${attemptFolder(place.run, phase, attempt)}/${started.at(-1) ?? ''}`;
    const byRank = (started.length === 0 ? null : await readHeartbeat(store, folder))?.nodes ?? [];
    return {
      nodesFrom: history?.startedAt ?? null,
      nodesUntil: history?.endedAt ?? null,
      evidence: {
        jobName,
        status: request.status,
        errorCode: history?.errorCode ?? null,
        errorMessage: history?.errorMessage ?? null,
        warnings: history?.warnings ?? [],
        preemptedNodes: nodesTaken(nodes ?? [], jobName, byRank),
        trainerStarted: started.length > 0,
        incarnations: started.length,
        lastWords: started.length === 0 ? null : await readLastWords(store, folder),
        endedByUs: request.endedByUs,
      },
    };
  },

  /** What the metrics of an attempt say about its training time. @param keptStep last step the lineage keeps of it */
  async measureAttempt(request: {
    place: Place;
    phase: string;
    attempt: number;
    keptStep: number | null;
  }): Promise<AttemptProgress> {
    const store = storeOf(deps, request.place);
    const folder = attemptFolder(request.place.run, request.phase, request.attempt);
    const started = await incarnations(store, request.place.run, request.phase, request.attempt);
    const lines = (
      await Promise.all(started.map((incarnation) => readMetrics(store, `${folder}/${incarnation}`)))
    ).flat();
    const heartbeat = started.length === 0 ? null : await readHeartbeat(store, `${folder}/${started.at(-1) ?? ''}`);
    const written = checkpointsAmong(
      (await store.list(`${folder}/`)).filter((blob) => blob.path.endsWith('/manifest.json')),
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
    await publishCurve(storeOf(deps, request.place), request.place.run, request.phase, attemptName(request.attempt));
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
