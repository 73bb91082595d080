import { type Job, isTerminal } from '../../../../emulator/entities/job.js';
import { PHASE } from '../config.js';
import type { Happened } from '../drive.js';
import type { Judging } from './judge.js';

/** Jobs of a run, in the order of their submission. */
export function jobsOf({ state, config }: Happened): Job[] {
  const ours = state.jobs.filter(({ name }) => name.startsWith(`${config.name}-${PHASE}-`));
  return ours.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Nodes are held by one job at a time, and by none when all is over. */
export function judgeJobs({ happened, check }: Judging): void {
  const jobs = jobsOf(happened);
  const held = jobs.flatMap((job) => stretches(job).map((stretch) => ({ name: job.name, ...stretch })));
  for (const one of held) {
    const other = held.find(({ name, from, until }) => name !== one.name && from < one.until && one.from < until);
    const both = () => `${one.name} and ${other?.name} held nodes at the same time`;
    check('at most one job that holds nodes', other === undefined, both, one.from);
  }
  if (happened.ended === null) return;
  const proven = new Set(
    happened.journal.flatMap((entry) =>
      entry.type === 'event' && entry.event.kind === 'end-proven' ? [entry.event.jobName] : [],
    ),
  );
  for (const { name, status } of jobs)
    check('nothing is left behind', isTerminal(status) || proven.has(name), () => `${name} is ${status}`);
  const cluster = happened.state.clusters.find(({ name }) => name === happened.config.cluster.name);
  const nodes = cluster?.nodes.filter(({ state }) => state !== 'preempted') ?? [];
  const words = () => nodes.map(({ nodeId, state, runId }) => `${nodeId} is ${state} (${runId})`).join(', ');
  check('nothing is left behind', nodes.length === 0, words);
}

const HOLDING: readonly string[] = ['Preparing', 'Running', 'Finalizing', 'NotResponding'];

/** When a job held nodes. A cancel takes them only when it is done. */
function stretches({ history }: Job): { from: number; until: number }[] {
  const found: { from: number; until: number }[] = [];
  let from: number | null = null;
  for (const { status, at } of history) {
    const holds = HOLDING.includes(status) || (status === 'CancelRequested' && from !== null);
    if (holds) from ??= Date.parse(at);
    else if (from !== null) {
      found.push({ from, until: Date.parse(at) });
      from = null;
    }
  }
  return from === null ? found : [...found, { from, until: Infinity }];
}
