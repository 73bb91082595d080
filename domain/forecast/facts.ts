import type { ListPrices } from '../prices.js';
import type { CoreUsage, VmSize } from '../quota.js';
import type { Measured } from './speed.js';

/** What was read for a forecast; null where nobody answered. */
export interface ForecastFacts {
  readonly region: string | null;
  readonly sizes: readonly VmSize[] | null;
  readonly usages: readonly CoreUsage[] | null;
  /** Nodes that the cluster of the config holds already. */
  readonly nodesHeld: number;
  /** Public list prices by VM size. */
  readonly prices: ReadonlyMap<string, ListPrices>;
  /** Speeds that were measured, the most trusted first. */
  readonly measured: readonly Measured[];
  /** What could not be read, a sentence each. */
  readonly missing: readonly string[];
}
