import type { Stamps } from './systemData.js';

/** The kinds of versioned assets. */
export type AssetKind = 'codes' | 'environments' | 'models' | 'data';

/** One version of an asset; `properties` hold what its kind keeps, as answered. */
export interface AssetVersion extends Stamps {
  container: string;
  version: string;
  properties: Record<string, unknown>;
}
