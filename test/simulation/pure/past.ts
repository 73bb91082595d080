import type { RunConfig } from '../../../domain/config.js';
import type { Told } from '../../../domain/control.js';
import { attemptName, attemptNumber } from '../../../domain/names.js';
import type { Past } from '../../../domain/past.js';
import { begunAt, resumedFromOf } from '../../../domain/unsettled.js';
import type { World } from '../world/world.js';
import type { Decisions } from './decisions.js';
import type { Open } from './state.js';

/** What `activities/past.ts` reads: journal, attempt folders, and jobs as far as Azure knows them at the moment. */
export interface TakenUp {
  readonly past: Past;
  readonly attempts: number;
  readonly open: Open | null;
  /** What the trainer of the open job was told last; zeros where nothing was said. */
  readonly told: Told;
}

const NOTHING: Told = { sequence: 0, checkpointNow: 0 };

export function readPast(
  world: World,
  config: RunConfig,
  chains: readonly string[],
  { pastFrom, unsettledAttempt }: Decisions,
): TakenUp {
  const { storage } = world;
  const past = pastFrom(config, storage.entries(), chains);
  const attempts = attemptsSoFar(world, past);
  const unsettled = unsettledAttempt(config, past, { p1: attempts });
  if (unsettled === null) return { past, attempts, open: null, told: NOTHING };
  const { attempt, submitted } = unsettled;
  const job = known(world, attempt);
  const open = {
    ...{ attempt, jobName: jobName(attempt), submittedAt: begunAt([submitted?.at, job?.submittedAt], world.now) },
    resumedFrom: resumedFromOf(past, unsettled, job === undefined ? undefined : (job.request.resume?.path ?? null)),
    cluster: submitted?.cluster ?? config.cluster.name,
    ending: submitted?.stopping ?? null,
  };
  const start = job?.beating(world.now).at(-1);
  const told = start === undefined ? NOTHING : { sequence: start.toldSequence, checkpointNow: start.ackedCheckpoints };
  return { past, attempts, open, told };
}

export const jobName = (attempt: number) => `sim-p1-${attemptName(attempt)}`;

function attemptsSoFar(world: World, { phases, submitted }: Past): number {
  const numbers = [
    ...submitted.map(({ attempt }) => attempt),
    ...world.storage.checkpoints.map(({ attempt }) => attemptNumber(attempt)),
  ];
  let attempts = Math.max(phases['p1']?.attempts ?? 0, 0, ...numbers);
  while (known(world, attempts + 1) !== undefined) attempts++;
  return attempts;
}

const known = (world: World, attempt: number) =>
  world.unknownUntil > world.now ? undefined : world.job(jobName(attempt));
