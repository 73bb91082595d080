import type { RunConfig } from './config.js';
import { checkpoints, recovery, stopping, watch } from './config-supervision.js';

/**
 * Fills in the fields with a default that a config of an older release lacks: a run that it began carries its config along.
 * Nothing is checked here, for a run that is under way must not stop over it.
 */
export function withDefaults(config: RunConfig): RunConfig {
  return {
    ...config,
    watch: { ...DEFAULTS.watch, ...config.watch, limits: { ...DEFAULTS.watch.limits, ...config.watch.limits } },
    recovery: { ...DEFAULTS.recovery, ...config.recovery },
    stopping: { ...DEFAULTS.stopping, ...config.stopping },
    checkpoints: { ...config.checkpoints, keep: { ...DEFAULTS.keep, ...config.checkpoints.keep } },
  };
}

/** Read once and here: workflows share this module, and find its schemas frozen (temporal/bundle-options.ts). */
const DEFAULTS = {
  watch: watch.parse({}),
  recovery: recovery.parse({}),
  stopping: stopping.parse({}),
  keep: checkpoints.parse({ everySteps: 1 }).keep,
};
