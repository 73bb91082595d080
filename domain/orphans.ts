/** What Temporal says of the run that a tag names. */
export type RunKnowledge =
  | { readonly kind: 'live' }
  /** It ended here: whatever still carries its name was left behind. */
  | { readonly kind: 'ended'; readonly how: string }
  /** This Temporal has no run of that name: it forgot it, or lost it, or the run belongs to another Temporal that shares the workspace. */
  | { readonly kind: 'not-known' }
  /** No answer. Proves nothing, so nothing follows from it. */
  | { readonly kind: 'unanswered'; readonly because: string };

/** A job that has not ended. */
export interface LivingJob {
  readonly name: string;
  readonly status: string;
  /** Run that its tags name; null for a stranger's. */
  readonly run: string | null;
  readonly cluster: string | null;
}

/** A cluster whose tags name the run that made it. */
export interface TaggedCluster {
  readonly name: string;
  readonly run: string;
}

export interface HeldNode {
  readonly id: string;
  readonly cluster: string;
  readonly state: string;
  readonly jobName: string | null;
}

/** What a workspace holds, as far as it can be ours. */
export interface Inventory {
  /** All of ours, and those of strangers on clusters of ours. */
  readonly jobs: readonly LivingJob[];
  readonly clusters: readonly TaggedCluster[];
  /** Nodes of clusters of ours, and of clusters that our jobs run on. */
  readonly nodes: readonly HeldNode[];
}

/** What Temporal knows that bears on an inventory. */
export interface Knowledge {
  readonly run: (name: string) => RunKnowledge;
  /** Live runs whose config names a cluster; null where not all live runs could be read. */
  readonly users: (cluster: string) => readonly string[] | null;
}

export interface Finding {
  readonly kind: 'job' | 'cluster' | 'node';
  readonly name: string;
  readonly run: string;
  /**
   * `orphan`: its run ended here. `forgotten`: this Temporal does not know its run. `in-use`: its run is gone, others use it.
   * `unknown`: somebody gave no answer.
   */
  readonly verdict: 'orphan' | 'forgotten' | 'in-use' | 'unknown';
  /** What would end it; null: nothing of its own, or nothing that may be done. */
  readonly act: 'cancel' | 'delete' | null;
  readonly because: string;
}

/**
 * What belongs to no live run, and what may be done about it. Whatever is not proven is listed and left alone.
 * @returns jobs first, then clusters, then nodes: the order in which they are dealt with
 */
export function findOrphans(inventory: Inventory, knowledge: Knowledge): Finding[] {
  const jobs = inventory.jobs.flatMap((job) => jobFinding(job, knowledge));
  const clusters = inventory.clusters.flatMap((cluster) => clusterFinding(cluster, inventory, jobs, knowledge));
  const nodes = inventory.nodes.flatMap((node) => nodeFinding(node, [...jobs, ...clusters]));
  return [...jobs, ...clusters, ...nodes];
}

/** What may be acted on: with `forgotten` also what belongs to runs that this Temporal does not know. */
export function actionable(findings: readonly Finding[], options: { readonly forgotten: boolean }): Finding[] {
  return findings.filter(
    ({ verdict, act }) => act !== null && (verdict === 'orphan' || (options.forgotten && verdict === 'forgotten')),
  );
}

function jobFinding(job: LivingJob, knowledge: Knowledge): Finding[] {
  const { name, run, status } = job;
  if (run === null) return [];
  const owner = ownership(run, knowledge);
  return owner === null
    ? []
    : [{ kind: 'job', name, run, ...owner, because: `${status}, ${owner.because}`, act: may(owner, 'cancel') }];
}

function clusterFinding(
  { name, run }: TaggedCluster,
  { jobs, nodes }: Inventory,
  orphans: readonly Finding[],
  knowledge: Knowledge,
): Finding[] {
  const owner = ownership(run, knowledge);
  if (owner === null) return [];
  const found = (verdict: Finding['verdict'], because: string, act: Finding['act'] = null): Finding[] => [
    { kind: 'cluster', name, run, verdict, because, act },
  ];
  const users = knowledge.users(name);
  if (users === null) return found('unknown', 'not all live runs could be read, and one of them may use it');
  if (users.length > 0) return found('in-use', `${owner.because}, but run ${users.join(', ')} uses it`);
  const endsBefore = (orphan: Finding) =>
    orphan.act === 'cancel' && (orphan.verdict === 'orphan' || owner.verdict === 'forgotten');
  const left = new Set(orphans.filter(endsBefore).map((orphan) => orphan.name));
  const others = jobs.filter((job) => job.cluster === name && !left.has(job.name)).map((job) => job.name);
  if (others.length > 0) return found('in-use', `${owner.because}, but ${others.join(', ')} runs or waits on it`);
  const held = nodes.filter((node) => node.cluster === name).length;
  const holds = `holds ${held === 0 ? 'no' : held} ${held > 1 ? 'nodes' : 'node'}`;
  return found(owner.verdict, `${holds}, ${owner.because}`, may(owner, 'delete'));
}

/** Nodes have no action of their own: they leave with their cluster, or when the job that holds them has ended. */
function nodeFinding({ id, cluster, jobName, state }: HeldNode, owners: readonly Finding[]): Finding[] {
  const holder = owners.find(({ kind, name }) =>
    kind === 'job' ? name === jobName : kind === 'cluster' && name === cluster,
  );
  if (holder === undefined) return [];
  const { run, verdict } = holder;
  return [
    { kind: 'node', name: id, run, verdict, act: null, because: `${state}, held by ${holder.kind} ${holder.name}` },
  ];
}

interface Owner {
  readonly verdict: 'orphan' | 'forgotten' | 'unknown';
  readonly because: string;
}

/** Null where the run is live. */
function ownership(run: string, knowledge: Knowledge): Owner | null {
  const known = knowledge.run(run);
  switch (known.kind) {
    case 'live':
      return null;
    case 'ended':
      return { verdict: 'orphan', because: `run ${run} ended ${known.how}` };
    case 'not-known':
      return { verdict: 'forgotten', because: `this Temporal knows no run ${run}` };
    case 'unanswered':
      return { verdict: 'unknown', because: `Temporal does not say whether run ${run} lives (${known.because})` };
  }
}

const may = <A extends 'cancel' | 'delete'>(owner: Owner, act: A): A | null =>
  owner.verdict === 'unknown' ? null : act;
