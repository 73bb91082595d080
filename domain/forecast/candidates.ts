import { clustersOf } from '../clusters.js';
import type { RunConfig } from '../config.js';
import type { VmSize } from '../quota.js';
import { retiredSku } from '../skus.js';
import { type NodeKind, NODE_KINDS, nodeKind } from './hardware.js';

/** Nodes that the run could have, in one tier or in both. */
export interface Candidate {
  readonly sku: string;
  readonly nodes: number;
  readonly gpus: number;
  readonly why: 'config' | 'alternative' | 'same GPUs' | 'same peak';
  /** The only tier they are asked for in; absent: both are. */
  readonly priority?: 'low_priority' | 'dedicated';
  /** Name in the config; absent for nodes that it does not name. */
  readonly cluster?: string;
  /** By contract, as the config says. */
  readonly pricePerNodeHour?: number | undefined;
}

const MOST_NODES = 100;

/**
 * The nodes of the config, its alternatives in their order, then others of as many GPUs or of at least the same peak; each divides the global batch of every phase.
 * @param sizes what the region offers; null where nobody could say: then all sizes that are known and not retired
 */
export function candidates(config: RunConfig, sizes: readonly VmSize[] | null): Candidate[] {
  const { sku, nodes, processesPerNode } = config.cluster;
  const own: Candidate = { sku: nameOf(sku, sizes), nodes, gpus: nodes * processesPerNode, why: 'config' };
  const named = [own, ...alternativesOf(config, sizes)];
  const kind = nodeKind(sku);
  if (kind === null) return named;
  const others = offered(sizes).filter((other) => other.sku.toLowerCase() !== sku.toLowerCase());
  const peak = own.gpus * kind.gpu.halfPeak;
  const found = others.flatMap((other) => [
    candidate(other, own.gpus / other.gpus, 'same GPUs'),
    candidate(other, Math.ceil(peak / (other.gpus * other.gpu.halfPeak)), 'same peak'),
  ]);
  const fitting = found.filter(({ nodes: count, gpus }) => canRun(config, count, gpus));
  return [...named, ...fitting.filter((one, index) => fitting.findIndex((other) => isSame(one, other)) === index)];
}

function alternativesOf(config: RunConfig, sizes: readonly VmSize[] | null): Candidate[] {
  const [, ...others] = clustersOf(config);
  return others.map(({ name, sku, nodes, processesPerNode, priority, pricePerNodeHour }) => ({
    ...{ sku: nameOf(sku, sizes), nodes, gpus: nodes * processesPerNode, why: 'alternative' as const },
    ...{ priority, cluster: name, pricePerNodeHour },
  }));
}

function offered(sizes: readonly VmSize[] | null): NodeKind[] {
  const kinds = sizes === null ? NODE_KINDS : sizes.flatMap(({ name }) => nodeKind(name) ?? []);
  return kinds.filter(({ sku }) => retiredSku(sku) === null);
}

const candidate = (kind: NodeKind, nodes: number, why: Candidate['why']): Candidate => ({
  ...{ sku: kind.sku, nodes, why },
  gpus: nodes * kind.gpus,
});

function canRun({ phases }: RunConfig, nodes: number, gpus: number): boolean {
  const whole = Number.isInteger(nodes) && nodes >= 1 && nodes <= MOST_NODES;
  return whole && phases.every(({ globalBatch }) => globalBatch % gpus === 0);
}

const isSame = (one: Candidate, other: Candidate) => one.sku === other.sku && one.nodes === other.nodes;

/** As Azure writes it, for the price list minds the case of letters. */
const nameOf = (sku: string, sizes: readonly VmSize[] | null) =>
  sizes?.find(({ name }) => name.toLowerCase() === sku.toLowerCase())?.name ?? nodeKind(sku)?.sku ?? sku;
