import { documentOf } from '../scenario/language/document.js';
import type { World } from '../world.js';
import { HOLD } from './windows.js';

/**
 * Has a cluster get no machines in the place of some that are about to be taken away, for a while. To be called before
 * they go, or the cluster would have asked for others by then.
 *
 * @param until emulated seconds from now; nothing happens without them
 */
export function holdBack(world: World, cluster: string, nodeIds: readonly string[], until: number | undefined): void {
  if (until === undefined || until <= 0) return;
  const nodes = Math.max(0, world.clusters.count(cluster) - nodeIds.length);
  const document = documentOf(0, { capacity: [{ kind: 'nodes', cluster, vmSize: '*', nodes, from: 0, until }] });
  const source = `the eviction of ${nodeIds.length} node(s) of ${cluster}`;
  world.scenario.scripts.begin({ id: `${HOLD}${nodeIds.join('-')}`, source, document });
}
