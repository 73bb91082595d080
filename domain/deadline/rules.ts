import type { PhaseState } from '../attempts.js';
import { type ClusterConfig, dedicatedCluster } from '../clusters.js';
import type { PhaseConfig, RunConfig } from '../config.js';
import { workOf } from '../forecast/work.js';
import { reserveSeconds } from '../money/budget.js';
import type { DeadlineRules } from './standing.js';
import { type PacesByPhase, secondsOfStep, stepsRatio } from './step-seconds.js';

/** What a run knows when it asks how it stands with its deadline. */
export interface DeadlineFacts {
  /** Epoch milliseconds; null for no deadline. */
  readonly at: number | null;
  /** Begin of the run, epoch milliseconds. */
  readonly startedAt: number;
  readonly phases: Readonly<Record<string, PhaseState>>;
}

/**
 * What the deadline asks of a phase whose job is, or will be, on a cluster.
 * @returns null where there is no deadline, or no dedicated nodes to move to
 */
export function deadlineRules(
  config: RunConfig,
  phase: PhaseConfig,
  on: ClusterConfig,
  facts: DeadlineFacts,
): DeadlineRules | null {
  const dedicated = dedicatedCluster(config);
  if (facts.at === null || dedicated === null) return null;
  const measured: PacesByPhase = Object.fromEntries(
    Object.entries(facts.phases).map(([name, { paces }]) => [name, paces ?? {}]),
  );
  const work = workOf(config).find(({ name }) => name === phase.name);
  const secondsPerStep = secondsOfStep(config, phase.name, dedicated, measured);
  const later = laterPhases(config, phase);
  const weigh = (name: string) => weightOf(config, phase.name, name, dedicated, measured);
  return {
    at: facts.at,
    steps: phase.steps + later.reduce((sum, { name, steps }) => sum + steps * weigh(name), 0),
    fromStep: facts.phases[phase.name]?.head?.step ?? 0,
    secondsPerStep,
    ratio: work === undefined ? 1 : stepsRatio(work, dedicated, on),
    // The look that finds it due and the old job's end come before the first of the starts.
    overheadSeconds: (later.length + 2) * config.recovery.dedicatedStartSeconds + reserveSeconds(config),
    unknownSeconds: Math.max(0, (facts.at - facts.startedAt) / 2_000),
  };
}

function laterPhases({ phases }: RunConfig, { name }: PhaseConfig): readonly PhaseConfig[] {
  return phases.slice(phases.findIndex((one) => one.name === name) + 1);
}

/** Steps of this phase that one of another phase takes as long as. */
function weightOf(
  config: RunConfig,
  phase: string,
  other: string,
  dedicated: ClusterConfig,
  measured: PacesByPhase,
): number {
  const [one, another] = [phase, other].map((name) => secondsOfStep(config, name, dedicated, measured));
  if (typeof one === 'number' && typeof another === 'number' && one > 0) return another / one;
  const batch = (name: string) => config.phases.find((found) => found.name === name)?.globalBatch ?? 1;
  return batch(other) / batch(phase);
}
