import type { PhaseConfig, RunConfig } from '../domain/config.js';
import { trainerParameters } from '../domain/trainer-config.js';

const bare = {
  trainer: { parameters: {} },
  checkpoints: {},
  watch: {},
  cost: { leaseHours: 1 },
} as unknown as RunConfig;

/** Fields of the trainer's config that come from the run config's own: whatever is there when no parameter is given. */
export const decidedFields: readonly string[] = Object.keys(
  trainerParameters(bare, { parameters: {} } as unknown as PhaseConfig),
);
