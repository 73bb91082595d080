import type { RunConfig } from '../config.js';
import { EXCHANGE_NOT_HIDDEN, NETWORK_SHARE } from './assumed.js';
import { type NodeKind, SINGLE_UTILISATION, nodeKind } from './hardware.js';
import { type Range, exactly, rangeOf } from './range.js';
import type { PhaseWork } from './work.js';

/** Speed that was measured, on so many nodes of a size. */
export interface Measured {
  readonly sku: string;
  readonly nodes: number;
  /** Samples/s of all nodes together, by the name of the phase. */
  readonly samplesPerSecond: Readonly<Record<string, number>>;
  /** Where it was measured, in words. */
  readonly source: string;
}

/** What the config itself says was measured on its cluster; null where it says nothing. */
export function measuredByConfig({ cluster, forecast }: RunConfig): Measured | null {
  const samplesPerSecond = forecast?.samplesPerSecond;
  if (samplesPerSecond === undefined) return null;
  return {
    sku: cluster.sku,
    nodes: cluster.nodes,
    samplesPerSecond,
    source: 'forecast.samplesPerSecond of the config',
  };
}

/**
 * Seconds of an optimizer step without its checkpoints: measured where the same size was measured, in proportion to the nodes, else estimated.
 * @returns null where neither is possible
 */
export function stepSeconds(
  work: PhaseWork,
  { sku, nodes }: { sku: string; nodes: number },
  measured: readonly Measured[],
): Range | null {
  for (const one of measured) {
    const rate = one.samplesPerSecond[work.name];
    const applies = one.sku.toLowerCase() === sku.toLowerCase();
    if (applies && rate !== undefined) return exactly(work.globalBatch / ((rate * nodes) / one.nodes));
  }
  const kind = nodeKind(sku);
  return kind === null || work.flopsPerSample === null ? null : estimated(work, work.flopsPerSample, kind, nodes);
}

function estimated(work: PhaseWork, flopsPerSample: number, kind: NodeKind, nodes: number): Range {
  const half = work.precision !== 'float32';
  const peak = half ? kind.gpu.halfPeak : kind.gpu.singlePeak;
  const utilisation = half ? kind.gpu.utilisation : SINGLE_UTILISATION;
  const operations = work.globalBatch * flopsPerSample;
  const exchange = exchangeSeconds(work.parameters ?? 0, kind.network, nodes);
  return rangeOf(
    (one) => operations / (nodes * kind.gpus * peak * utilisation[one]) + exchange * EXCHANGE_NOT_HIDDEN[one],
  );
}

/** A ring moves each gradient (4 bytes) twice through the network of every node, once an optimizer step. */
function exchangeSeconds(parameters: number, gigabits: number, nodes: number): number {
  const bytes = (2 * (nodes - 1) * parameters * 4) / nodes;
  return bytes / ((gigabits / 8) * 1e9 * NETWORK_SHARE);
}
