import type { AzureConnection } from '../azure/connection.js';
import { type Cluster, getCluster, listNodes } from '../azure/cluster.js';
import { AzureError, orNull } from '../azure/errors.js';
import { type JobHistory, getCancelReason, getJobHistory } from '../azure/history.js';
import { readLogEnd } from '../azure/log-end.js';
import { type EndedByUs, type JobEvidence, nodesTaken } from '../domain/endings/evidence.js';
import { attemptFolder } from '../domain/paths.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { incarnations, readHeartbeat, readLastWords } from './trainer.js';

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

/** Enough for a traceback; a log of weeks is never read whole. */
const LOG_END_BYTES = 8_192;
const LOG_LINES = 20;

export const evidenceActivities = (deps: Deps) => ({
  /** Collects what Azure and the trainer say about a job that has ended: run history, nodes, cluster, last words, the end of its log. */
  async collectEvidence(request: EvidenceRequest): Promise<Evidence> {
    const { place, phase, attempt, jobName, status } = request;
    const azure = deps.connection(place.azure);
    const store = storeOf(deps, place);
    const [history, nodes, cluster, started] = await Promise.all([
      getJobHistory(azure, jobName),
      orNull(listNodes(azure, request.cluster)),
      clusterOf(azure, request.cluster),
      incarnations(store, place.run, phase, attempt),
    ]);
    const folder = `${attemptFolder(place.run, phase, attempt)}/${started.at(-1) ?? ''}`;
    const trainerStarted = started.length > 0;
    const lastWords = trainerStarted ? await readLastWords(store, folder) : null;
    const byRank = (trainerStarted ? await readHeartbeat(store, folder) : null)?.nodes ?? [];
    // Also where we asked for its end: Azure may have been first.
    const wasCanceled = status === 'Canceled';
    const isUnexplained = status === 'Failed' && lastWords === null;
    return {
      nodesFrom: history?.startedAt ?? null,
      nodesUntil: history?.endedAt ?? null,
      evidence: {
        ...{ jobName, status, trainerStarted, lastWords, endedByUs: request.endedByUs },
        errorCode: history?.errorCode ?? null,
        errorMessage: history?.errorMessage ?? null,
        warnings: history?.warnings ?? [],
        cancelationReason: wasCanceled ? await getCancelReason(azure, jobName) : null,
        clusterErrors: cluster?.errors ?? [],
        logTail: isUnexplained ? await logTail(azure, history) : [],
        preemptedNodes: nodesTaken(nodes ?? [], jobName, byRank),
        incarnations: started.length,
        ranSeconds: ranSeconds(history),
        ...(cluster === null ? {} : { lowPriority: cluster.priority === 'low_priority' }),
      },
    };
  },
});

/** Something else by the name of the cluster is no evidence of ours, nor a reason to have none. */
async function clusterOf(azure: AzureConnection, name: string): Promise<Cluster | null> {
  try {
    return await getCluster(azure, name);
  } catch (error) {
    if (error instanceof AzureError && error.kind === 'permanent') return null;
    throw error;
  }
}

/** Last lines of rank 0; a log that cannot be read is evidence that is missing, and no reason to wait. */
async function logTail(azure: AzureConnection, history: JobHistory | null): Promise<readonly string[]> {
  const files = Object.entries(history?.logFiles ?? {}).filter(([name]) => /user_logs\/std_log.*\.txt$/.test(name));
  const [first] = files.sort(([a], [b]) => (a < b ? -1 : 1));
  if (first === undefined) return [];
  try {
    return (await readLogEnd(azure, first[1], LOG_END_BYTES)).slice(-LOG_LINES);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return [];
  }
}

function ranSeconds(history: JobHistory | null): number | null {
  const { startedAt, endedAt } = history ?? {};
  return startedAt === undefined || startedAt === null || endedAt === undefined || endedAt === null
    ? null
    : Math.max(0, Math.round((endedAt - startedAt) / 1000));
}
