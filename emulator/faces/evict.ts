import { z } from 'zod';

import { armFault } from '../http/fault.js';
import type { World } from '../world.js';
import { FACES, FACE_NAMES } from './faces.js';

/** Which node to take away and how that shows. */
export const eviction = z.strictObject({
  node: z
    .union([z.number().int().min(0), z.literal('all')])
    .optional()
    .describe('Which node of the job, from 0, or "all"; the last one unless given.'),
  face: z.enum(FACE_NAMES).default('failed').describe('How the preemption shows itself.'),
});

export type Eviction = z.infer<typeof eviction>;

/**
 * Takes a node of a job away.
 *
 * @returns what was done, in a sentence
 * @throws Fault 404 or 409 with a sentence when the job is unknown, has no nodes, or not that one
 */
export async function evict(world: World, job: string, { node, face }: Eviction): Promise<string> {
  const found = world.jobs.get(job);
  if (found === undefined)
    throw armFault(404, 'UnknownJob', `There is no job "${job}"; GET /_emulator/state lists all.`);
  const start = world.jobs.startOf(job);
  if (start === undefined)
    throw armFault(409, 'NotOnNodes', `Job "${job}" is ${found.status} and has no nodes to take away.`);
  const count = start.nodes.length;
  const ranks = node === 'all' ? [...start.nodes.keys()] : [node ?? count - 1];
  if (ranks.some((rank) => rank >= count)) {
    throw armFault(
      404,
      'UnknownNode',
      `Job "${job}" has ${count} node(s), numbered from 0; there is no node ${String(node)}.`,
    );
  }
  const sentence = `job ${job}: node ${ranks.join(', ')} is taken away; ${FACES[face].sentence}`;
  world.log(sentence);
  await FACES[face].strike(start, ranks);
  return sentence;
}
