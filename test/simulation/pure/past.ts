import type { RunConfig } from '../../../domain/config.js';
import { attemptName, attemptNumber } from '../../../domain/names.js';
import { type Past, pastFrom } from '../../../domain/past.js';
import type { SimJob } from '../world/job.js';
import type { World } from '../world/world.js';

/** What `activities/past.ts` reads: journal, attempt folders, and jobs as far as Azure knows them at the moment. */
export function readPast(
  world: World,
  config: RunConfig,
  chains: readonly string[],
): { past: Past; open: SimJob | null; attempts: number } {
  const { storage } = world;
  const past = pastFrom(config, storage.entries(), chains);
  const job = (attempt: number) => (world.unknownUntil > world.now ? undefined : world.job(jobName(attempt)));
  let attempts = Math.max(
    past.phases['p1']?.attempts ?? 0,
    0,
    ...past.submitted.map(({ attempt }) => attempt),
    ...storage.checkpoints.map(({ attempt }) => attemptNumber(attempt)),
  );
  while (job(attempts + 1) !== undefined) attempts++;
  const isDone = past.phases['p1']?.done === true;
  const isRecorded = past.records.some(({ attempt }) => attempt === attempts);
  return { past, open: isDone || isRecorded ? null : (job(attempts) ?? null), attempts };
}

export const jobName = (attempt: number) => `sim-p1-${attemptName(attempt)}`;
