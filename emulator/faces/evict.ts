import { holdBack } from '../capacity/hold.js';
import { armFault } from '../http/fault.js';
import type { JobStart } from '../jobs/start.js';
import type { Eviction } from '../scenario/language/evictions.js';
import type { World } from '../world.js';
import { FACES } from './faces.js';

/**
 * Takes nodes of a job away: at once, or after the warning that the eviction gives.
 *
 * @returns what is done, in a sentence; with a warning, before it is done
 * @throws Fault 404 or 409 with a sentence when the job is unknown, has no nodes, or not that one
 */
export async function evict(world: World, job: string, eviction: Eviction): Promise<string> {
  const found = world.jobs.get(job);
  if (found === undefined)
    throw armFault(404, 'UnknownJob', `There is no job "${job}"; GET /_emulator/state lists all.`);
  const start = world.jobs.startOf(job);
  if (start === undefined)
    throw armFault(409, 'NotOnNodes', `Job "${job}" is ${found.status} and has no nodes to take away.`);
  const count = start.nodes.length;
  const { node } = eviction;
  const ranks = node === 'all' ? [...start.nodes.keys()] : [node ?? count - 1];
  if (ranks.some((rank) => rank >= count)) {
    throw armFault(
      404,
      'UnknownNode',
      `Job "${job}" has ${count} node(s), numbered from 0; there is no node ${String(node)}.`,
    );
  }
  return takeAway(world, found.name, start, ranks, eviction);
}

/** The same for nodes that are known to be there. */
export async function takeAway(
  world: World,
  job: string,
  start: JobStart,
  ranks: readonly number[],
  how: Pick<Eviction, 'face' | 'warning' | 'backAfter'>,
): Promise<string> {
  const { face, warning = 0 } = how;
  const verb = FACES[face].takesNodes ? 'is taken away' : 'stands still';
  const soon = warning > 0 ? ` after ${warning} s of warning` : '';
  const sentence = `job ${job}: node ${ranks.join(', ')} ${verb}${soon}; ${FACES[face].sentence}`;
  world.log(sentence);
  start.warn(warning > 0 ? ranks : []);
  const struck = (): Promise<void> => strike(world, start, ranks, how);
  const failed = (error: Error): void => world.log(`job ${job}: the eviction failed: ${error.message}`);
  if (warning > 0) world.clock.after(warning, () => void struck().catch(failed));
  else await struck();
  return sentence;
}

async function strike(
  world: World,
  start: JobStart,
  ranks: readonly number[],
  { face, backAfter }: Pick<Eviction, 'face' | 'backAfter'>,
): Promise<void> {
  if (start.isOver) return;
  // How it ends is settled already; its nodes can go all the same.
  if (start.isEnding) return FACES[face].takesNodes ? start.lose(ranks) : undefined;
  const nodeIds = ranks.map((rank) => start.nodes[rank]?.nodeId ?? '');
  if (FACES[face].takesNodes) holdBack(world, start.cluster, nodeIds, backAfter);
  const struck = FACES[face].strike(start, ranks, backAfter);
  start.release();
  await struck;
}
