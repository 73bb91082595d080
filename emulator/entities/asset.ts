import type { Stamps } from './systemData.js';

/** The kinds of versioned assets. */
export type AssetKind = 'codes' | 'environments' | 'models' | 'data';

/** One version of an asset; `properties` hold what its kind keeps, as answered. */
export interface AssetVersion extends Stamps {
  container: string;
  version: string;
  properties: Record<string, unknown>;
}

/** A container that was made or changed by itself; others exist as the name that versions share. */
export interface AssetContainer extends Stamps {
  segment: AssetKind;
  name: string;
  properties: Record<string, unknown>;
}
