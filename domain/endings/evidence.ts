import type { LimitName } from '../watch/limits.js';
import type { JobEnding } from './names.js';

/** Where a fact was read. */
export type FactSource = 'azure' | 'run-history' | 'nodes' | 'cluster' | 'trainer' | 'checkpoints' | 'supervisor';

/** A fact that a verdict rests on, in words; verdicts, journal and report carry them along. */
export interface Fact {
  readonly source: FactSource;
  readonly fact: string;
}

/** Why we ended a job ourselves. */
export type EndedByUs =
  | { readonly for: 'run-end' }
  | { readonly for: 'limit'; readonly limit: LimitName; readonly seconds: number }
  /** `cancel` only of a run that was lost while it was canceled, and is taken up all the same. */
  | { readonly for: 'operator'; readonly command: 'pause' | 'recover-now' | 'cancel' };

/** Steps of a loss spike, or of a NaN. */
export interface Spike {
  /** Its first step. */
  readonly step: number;
  /** Step of the newest checkpoint that the trainer trusts; null where it knows none. */
  readonly before: number | null;
  /** The last step that was done before the trainer gave up. */
  readonly until: number;
}

/** `ending.json` of the newest incarnation. */
export interface LastWords {
  readonly reason: string;
  readonly message: string;
  readonly exitCode: number;
  readonly step?: number | null | undefined;
  readonly spike?: { readonly step: number; readonly before?: number | null | undefined } | null | undefined;
  /** Last lines of a traceback. */
  readonly detail?: string | null | undefined;
}

/** What is known of a job that has ended: facts read from Azure and from the trainer's last words. */
export interface JobEvidence {
  readonly jobName: string;
  /** `GivenUp`: it reached no terminal state, and was proven to hold no node. */
  readonly status: 'Completed' | 'Failed' | 'Canceled' | 'NotFound' | 'GivenUp';
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly warnings: readonly string[];
  /** Run history's word on why a job was canceled. */
  readonly cancelationReason?: string | null;
  /** Codes and messages inside the cluster, which claims to be fine. */
  readonly clusterErrors?: readonly string[];
  /** Last lines of the job's log. */
  readonly logTail?: readonly string[];
  /** Nodes of the newest incarnation that are listed as preempted or unusable (`nodesTaken`): `1 (id)` where the rank is known. */
  readonly preemptedNodes: readonly string[];
  /** True where a process of the trainer left a heartbeat or words of its own. */
  readonly trainerStarted: boolean;
  /** Starts of the trainer within the job: a preemption warning for each but the last one is history. */
  readonly incarnations?: number;
  readonly lastWords: LastWords | null;
  readonly endedByUs: EndedByUs | null;
  /** What evidence of the first release, in the history of a run that goes on, has in place of `endedByUs`. */
  readonly cancelRequestedByUs?: boolean;
  readonly finalCheckpointVerified: boolean;
  /** How long Azure held nodes for the job; null where it never did or does not say. */
  readonly ranSeconds?: number | null;
  /** `limits.timeout` that the job was submitted with. */
  readonly timeoutSeconds?: number | null;
  readonly lowPriority?: boolean;
}

export interface Verdict {
  readonly ending: JobEnding;
  /** One sentence with the facts that decided. */
  readonly because: string;
  /** All that was known, also what did not decide. */
  readonly evidence: readonly Fact[];
  readonly exitCode: number | null;
  /** Set for `loss-spike` and `nan` where the step is known. */
  readonly spike: Spike | null;
}

/** A node as the cluster lists it. */
export interface ListedNode {
  readonly id: string;
  readonly state: string;
  readonly jobName: string | null;
}

/**
 * Which nodes of a job are gone, named by rank where the trainer told their order. A node that only an earlier incarnation ran on proves
 * nothing about the newest one: a cluster lists it for a while after Azure has restarted the job on others.
 * @param ofIncarnation node ids by rank from the newest heartbeat; empty where none names them
 */
export function nodesTaken(
  nodes: readonly ListedNode[],
  jobName: string,
  ofIncarnation: readonly string[],
): readonly string[] {
  const gone = nodes.filter(
    (node) => node.jobName === jobName && (node.state === 'preempted' || node.state === 'unusable'),
  );
  const counting = ofIncarnation.length === 0 ? gone : gone.filter((node) => ofIncarnation.includes(node.id));
  return counting.map(({ id }) => (ofIncarnation.includes(id) ? `${ofIncarnation.indexOf(id)} (${id})` : id));
}
