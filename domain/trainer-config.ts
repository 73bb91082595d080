import type { PhaseConfig, RunConfig } from './config.js';
import { secondsOf } from './interval/of-run.js';
import { type SkipWindow, mergedWindows } from './skip-windows.js';

/**
 * What a job of a phase is told by `--config`: the common parameters, the phase's own laid over them section by section,
 * and what the supervisor decides (steps, batch, how often to save and to speak, which samples to pass over).
 * @param intervalSeconds what was chosen where the config leaves the interval to be chosen
 */
export function trainerParameters(
  config: RunConfig,
  phase: PhaseConfig,
  skipWindows: readonly SkipWindow[] = [],
  intervalSeconds: number | null = null,
): Record<string, unknown> {
  return {
    ...overlay(config.trainer.parameters, phase.parameters),
    steps: phase.steps,
    globalBatch: phase.globalBatch,
    microBatch: phase.microBatch,
    checkpointSteps: config.checkpoints.everySteps ?? null,
    checkpointSeconds: secondsOf(config, intervalSeconds),
    heartbeatSeconds: config.watch.heartbeatSeconds,
    metricsSeconds: config.watch.metricsSeconds,
    ...(config.cost?.leaseHours === undefined ? {} : { spendSeconds: config.cost.leaseHours * 3_600 }),
    // Left out where there is none: a trainer of your own need not know them.
    ...(skipWindows.length === 0 ? {} : { skipWindows: mergedWindows(skipWindows) }),
  };
}

function overlay(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isSection(under) && isSection(value) ? { ...under, ...value } : value;
  }
  return merged;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
