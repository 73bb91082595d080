import type { ListedNode } from '../../../domain/endings/evidence.js';
import type { SimJob } from './job.js';

/** A preempted node stays in the list of nodes for a while. */
const LISTED_MS = 600_000;

/** The cluster's nodes, and how its list shows them. */
export class Nodes {
  /** Until when the list is answered and empty, though nodes are held. */
  unlistedUntil = 0;
  private readonly gone: { readonly id: string; readonly job: string; readonly until: number }[] = [];
  private serial = 0;

  allocate(): readonly string[] {
    return [`n${++this.serial}`, `n${++this.serial}`];
  }

  lose({ nodes, request }: SimJob, now: number): void {
    const id = nodes.at(-1);
    if (id !== undefined) this.gone.push({ id, job: request.name, until: now + LISTED_MS });
  }

  list(now: number, holders: readonly SimJob[]): ListedNode[] {
    if (this.unlistedUntil > now) return [];
    const gone = this.gone
      .filter(({ until }) => until > now)
      .map(({ id, job }) => ({ id, state: 'preempted', jobName: job }));
    const held = holders.flatMap(({ nodes, request }) =>
      nodes.map((id) => ({ id, state: 'running', jobName: request.name })),
    );
    return [...gone, ...held.filter(({ id }) => !gone.some((one) => one.id === id))];
  }
}
