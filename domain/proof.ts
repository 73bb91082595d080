import type { RunConfig } from './config.js';
import type { ListedNode } from './endings/evidence.js';
import type { JobSight } from './watch/sighting.js';
import { classOf } from './watch/status.js';

/**
 * Before a job is followed by another it is proven to have ended: a terminal state that Azure answered; or, where none comes in time, two
 * looks apart that find it on no node; or the deletion of the cluster, where the run made it. Else a person is called, and nothing is submitted.
 * An unanswered question proves nothing and costs no time.
 */
export interface EndMemory {
  readonly seenAt: number | null;
  /** Seconds observed since the cancel was asked for. */
  readonly waited: number;
  /** Our clock at the first of the looks in a row that found the job on no node. */
  readonly noNodeSince: number | null;
  readonly absentSince: number | null;
  /** The last list of nodes that was answered showed it on one; an unanswered list says neither. */
  readonly held: boolean;
  readonly deletionAsked: boolean;
  /** A job of somebody else that runs on the cluster: then nobody may delete it. */
  readonly neighbour: string | null;
}

export const newEnd = (): EndMemory => ({
  seenAt: null,
  waited: 0,
  noNodeSince: null,
  absentSince: null,
  held: false,
  deletionAsked: false,
  neighbour: null,
});

export interface EndSighting {
  readonly at: number;
  readonly job: JobSight;
  /** Asked for from the rung `list-nodes` on, else null. A cluster that is proven gone answers with no node. */
  readonly nodes:
    { readonly answered: true; readonly nodes: readonly ListedNode[] } | { readonly answered: false } | null;
}

export type EndStatus = 'Completed' | 'Failed' | 'Canceled' | 'NotFound' | 'GivenUp';

export type EndVerdict =
  | { readonly kind: 'proven'; readonly status: EndStatus; readonly because: string }
  /** Do this, then look again. Each is safe to repeat. */
  /** Only where we never wanted it to end (`wanted` false): it was said to be unknown, and it lives. */
  | { readonly kind: 'alive'; readonly because: string }
  | {
      readonly kind: 'act';
      readonly do: 'cancel' | 'wait' | 'list-nodes' | 'delete-cluster' | 'call-a-person';
      readonly because: string;
    };

export interface EndRules {
  readonly jobName: string;
  /** False where only Azure's 404s say that the job has ended, and nobody asked it to. */
  readonly wanted: boolean;
  readonly stopping: RunConfig['stopping'];
  readonly pollSeconds: number;
  /** True where this run made the cluster; only then it may be deleted. */
  readonly ownsCluster: boolean;
}

/** Whether the next look must list the cluster's nodes too. */
export const wantsNodes = (memory: EndMemory, { stopping }: EndRules): boolean =>
  memory.absentSince !== null || memory.waited >= stopping.graceSeconds;

/** One look at a job that must end. */
export function proveEnd(
  memory: EndMemory,
  sighting: EndSighting,
  rules: EndRules,
): { memory: EndMemory; verdict: EndVerdict } {
  const { job } = sighting;
  if (job.answered && classOf(job.status) === 'ended') {
    const status = job.status as EndStatus;
    return { memory, verdict: { kind: 'proven', status, because: `Azure says ${status}` } };
  }
  if (job.answered && job.status !== 'NotFound' && !rules.wanted)
    return { memory, verdict: { kind: 'alive', because: `Azure says ${job.status}` } };
  const next = observed(memory, sighting, rules);
  const noNode = noNodeProof(next, sighting, rules);
  if (noNode !== null) return { memory: next, verdict: noNode };
  const verdict = nextRung(next, sighting, rules);
  const deletionAsked = next.deletionAsked || (verdict.kind === 'act' && verdict.do === 'delete-cluster');
  return { memory: { ...next, deletionAsked }, verdict };
}

/** What the looks so far add up to. */
function observed(memory: EndMemory, { at, job, nodes }: EndSighting, rules: EndRules): EndMemory {
  const gap = memory.seenAt === null ? 0 : Math.max(0, (at - memory.seenAt) / 1000);
  const seconds = job.answered ? Math.min(gap, 3 * rules.pollSeconds) : 0;
  const found = nodes?.answered === true && holdsNode(nodes.nodes, rules.jobName);
  const none = nodes?.answered === true && !found;
  return {
    ...memory,
    seenAt: job.answered ? at : null,
    waited: memory.waited + seconds,
    noNodeSince: found ? null : none ? (memory.noNodeSince ?? at) : memory.noNodeSince,
    held: nodes?.answered === true ? found : memory.held,
    neighbour: nodes?.answered === true ? neighbourOf(nodes.nodes, rules.jobName) : memory.neighbour,
    absentSince: !job.answered ? memory.absentSince : job.status === 'NotFound' ? (memory.absentSince ?? at) : null,
  };
}

/** A preempted node is gone. One that runs something nobody names may run ours. */
function holdsNode(nodes: readonly ListedNode[], jobName: string): boolean {
  return nodes.some(
    ({ state, jobName: runs }) => state !== 'preempted' && (runs === jobName || (state === 'running' && runs === null)),
  );
}

const neighbourOf = (nodes: readonly ListedNode[], jobName: string): string | null =>
  nodes.find(({ state, jobName: runs }) => state !== 'preempted' && runs !== null && runs !== jobName)?.jobName ?? null;

function noNodeProof(memory: EndMemory, { at, job, nodes }: EndSighting, rules: EndRules): EndVerdict | null {
  const { noNodeSince, absentSince } = memory;
  const asked = nodes?.answered === true && noNodeSince !== null;
  const apart = asked && at - noNodeSince >= rules.stopping.apartSeconds * 1000;
  if (!apart || !job.answered) return null;
  const because = `two looks ${Math.round((at - noNodeSince) / 1000)} s apart found no node of ${rules.jobName}`;
  // A job that waits for nodes holds none: for it time alone tells an absence from a registry that lags behind.
  const isAbsent = absentSince !== null && at - absentSince >= rules.stopping.graceSeconds * 1000;
  if (job.status === 'NotFound' && isAbsent)
    return { kind: 'proven', status: 'NotFound', because: `Azure does not know it, and ${because}` };
  const waitedLongEnough = memory.waited >= rules.stopping.graceSeconds;
  return waitedLongEnough ? { kind: 'proven', status: 'GivenUp', because } : null;
}

function nextRung(memory: EndMemory, { job }: EndSighting, rules: EndRules): EndVerdict {
  const { graceSeconds, nodesSeconds } = rules.stopping;
  const act = (what: Extract<EndVerdict, { kind: 'act' }>['do'], because: string): EndVerdict => ({
    kind: 'act',
    do: what,
    because,
  });
  if (!job.answered) return act('wait', `Azure gives no answer: ${job.why}`);
  const stillHolds = memory.waited >= graceSeconds + nodesSeconds && memory.held;
  if (stillHolds) return { kind: 'act', ...lastRung(memory, rules, holdsWords(memory, job.status, rules)) };
  if (job.status === 'NotFound') return act('list-nodes', 'Azure does not know the job; its nodes are looked for');
  if (memory.waited >= graceSeconds)
    return act('list-nodes', `${rules.jobName} is ${job.status}; its nodes are looked for`);
  // A cancel whose answer was lost, or that Azure forgot, is asked for again.
  if (classOf(job.status) !== 'stopping') return act('cancel', `${rules.jobName} is ${job.status}`);
  return act('wait', `${rules.jobName} is ${job.status}`);
}

/** The run's own cluster may go, with the job on it; one that somebody else made or uses may not. */
function lastRung({ neighbour }: EndMemory, { ownsCluster }: EndRules, holds: string) {
  if (!ownsCluster)
    return {
      do: 'call-a-person',
      because: `${holds}; the run did not make the cluster and may not delete it`,
    } as const;
  if (neighbour !== null)
    return {
      do: 'call-a-person',
      because: `${holds}; the cluster also runs ${neighbour} and may not be deleted`,
    } as const;
  return { do: 'delete-cluster', because: holds } as const;
}

const holdsWords = ({ waited }: EndMemory, status: string, { jobName }: EndRules): string =>
  status === 'NotFound'
    ? `Azure does not know ${jobName}, and a node that may run it is held ${Math.round(waited)} s later`
    : `${jobName} is ${status} and still holds nodes ${Math.round(waited)} s after its cancel`;
