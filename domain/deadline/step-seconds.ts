import { type ClusterConfig, clusterNamed, clustersOf } from '../clusters.js';
import type { RunConfig } from '../config.js';
import { stepSeconds } from '../forecast/speed.js';
import { type PhaseWork, workOf } from '../forecast/work.js';
import { type Paces, SEEN_SECONDS } from './paces.js';

/** Paces that a run has seen, by phase. */
export type PacesByPhase = Readonly<Record<string, Paces>>;

/**
 * Seconds of an optimizer step of a phase on a cluster, by the best that is known: measured there for long enough; measured on another cluster,
 * or in another phase, and turned into this one; the speed that the config names; what was measured for a moment; at last the estimate of `domain/forecast`, at its worst.
 * @returns null where nothing is known
 */
export function secondsOfStep(
  config: RunConfig,
  phase: string,
  cluster: ClusterConfig,
  measured: PacesByPhase,
): number | null {
  const work = workOf(config);
  const one = work.find(({ name }) => name === phase);
  if (one === undefined) return null;
  const seenFor = (seconds: number) => measuredFor(config, one, cluster, longerThan(measured, seconds));
  return (
    seenFor(SEEN_SECONDS) ?? said(config, one, cluster) ?? seenFor(0) ?? stepSeconds(one, cluster, [])?.worst ?? null
  );
}

/** What was measured of the phase, else of another one, turned into this one. */
function measuredFor(config: RunConfig, one: PhaseWork, cluster: ClusterConfig, measured: PacesByPhase): number | null {
  const ofPhase = measuredElsewhere(config, one, cluster, measured[one.name] ?? {});
  if (ofPhase !== null) return ofPhase;
  for (const other of workOf(config)) {
    const seconds = measuredElsewhere(config, other, cluster, measured[other.name] ?? {});
    if (seconds !== null) return seconds * (effortOf(one) / effortOf(other, one));
  }
  return null;
}

/** Paces that were seen for so long at least: a look sees whole steps only, so a few looks may be wrong by half. */
function longerThan(measured: PacesByPhase, least: number): PacesByPhase {
  const kept = (paces: Paces) => Object.entries(paces).filter(([, { seconds }]) => seconds >= least);
  return Object.fromEntries(Object.entries(measured).map(([phase, paces]) => [phase, Object.fromEntries(kept(paces))]));
}

/** The pace on the very cluster, else that of another one of the config, by what a step takes on each. */
function measuredElsewhere(config: RunConfig, work: PhaseWork, cluster: ClusterConfig, paces: Paces): number | null {
  const here = paces[cluster.name];
  if (here !== undefined) return here.seconds / here.steps;
  for (const other of clustersOf(config)) {
    const pace = paces[other.name];
    if (pace !== undefined) return (pace.seconds / pace.steps) * stepsRatio(work, cluster, other);
  }
  return null;
}

/** Seconds of a step on one cluster by those on another: as estimated where both sizes are known, else by the number of processes. */
export function stepsRatio(work: PhaseWork, one: ClusterConfig, other: ClusterConfig): number {
  const isSame = one.sku.toLowerCase() === other.sku.toLowerCase();
  const [mine, theirs] = isSame ? [null, null] : [stepSeconds(work, one, []), stepSeconds(work, other, [])];
  if (mine !== null && theirs !== null) return mine.typical / theirs.typical;
  return (other.nodes * other.processesPerNode) / (one.nodes * one.processesPerNode);
}

/** What a step computes: by the size of the model where it is known of both phases, else by samples. */
function effortOf(
  { flopsPerSample, globalBatch }: PhaseWork,
  as: Pick<PhaseWork, 'flopsPerSample'> = { flopsPerSample },
) {
  return globalBatch * (as.flopsPerSample === null ? 1 : (flopsPerSample ?? 1));
}

/** `forecast.samplesPerSecond` is of the config's own cluster. */
function said(config: RunConfig, work: PhaseWork, cluster: ClusterConfig): number | null {
  const rate = config.forecast?.samplesPerSecond?.[work.name];
  if (rate === undefined) return null;
  return (work.globalBatch / rate) * stepsRatio(work, cluster, clusterNamed(config, undefined));
}
