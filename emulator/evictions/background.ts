import { holdBack } from '../capacity/hold.js';
import type { ClusterNode } from '../entities/cluster.js';
import { takeAway } from '../faces/evict.js';
import { FACES, TAKING_FACES, type FaceName } from '../faces/faces.js';
import { pick } from '../scenario/chance.js';
import { globTest } from '../scenario/glob.js';
import type { BackgroundEviction, RandomEvictions, TraceEvictions } from '../scenario/language/evictions.js';
import type { Entry } from '../scenario/scripts.js';
import type { World } from '../world.js';
import { untilChange } from './series.js';

/** Takes nodes away in the background: those whose drawn life is over, and those that a recorded series leaves no room for. */
export class Background {
  private alarms: (() => void)[] = [];
  /** What each random item has drawn a life for. */
  private readonly known = new Map<Entry<BackgroundEviction>['script'], Set<string>>();

  constructor(private readonly world: World) {}

  /** Goes by what is in force now. */
  arm(): void {
    for (const off of this.alarms) off();
    this.alarms = [];
    for (const entry of this.world.scenario.scripts.items('evictions')) {
      if (entry.item.kind === 'trace') this.follow(entry as Entry<TraceEvictions>);
    }
    for (const { name, nodes } of this.world.clusters.all()) {
      for (const node of nodes) if (node.state === 'idle' || node.state === 'running') this.arrived(name, node.nodeId);
    }
  }

  /** A machine has come: every random item that is about its cluster draws a life for it. */
  arrived(cluster: string, nodeId: string): void {
    for (const entry of this.world.scenario.scripts.items('evictions')) {
      const { item, script, key } = entry;
      if (item.kind !== 'random' || !globTest(item.cluster)(cluster)) continue;
      const known = this.known.get(script) ?? new Set();
      this.known.set(script, known);
      if (known.has(`${key} ${nodeId}`)) continue;
      known.add(`${key} ${nodeId}`);
      this.live(entry as Entry<RandomEvictions>, cluster, nodeId);
    }
  }

  // The n-th life that is drawn for a cluster is the same in every run with that seed.
  private live(entry: Entry<RandomEvictions>, cluster: string, nodeId: string): void {
    const { scenario, clock } = this.world;
    const { scripts } = scenario;
    const { item } = entry;
    const count = { key: `${entry.key}/${cluster}`, item, script: entry.script };
    const nth = scripts.count(count).seen + 1;
    scripts.setCount(count, { seen: nth, hit: scripts.count(count).hit });
    const seconds = lifeSeconds(item.meanSecondsPerNode, scripts.draw(count, nth, 'life'));
    const untilBegin = Math.max(0, item.from - scripts.elapsed(entry));
    clock.after(untilBegin + seconds, () => {
      if (!scripts.isOpen(entry)) return;
      const face = item.face === 'mixed' ? pick(TAKING_FACES, scripts.draw(count, nth, 'face')) : item.face;
      const node = this.nodeOf(cluster, nodeId);
      if (node === undefined) return;
      scripts.setCount(count, { seen: scripts.count(count).seen, hit: scripts.count(count).hit + 1 });
      this.world.log(`scenario: the life of node ${nth} of ${cluster} is over after ${seconds.toFixed(0)} s`);
      this.take(cluster, [node], face, item);
      if (!FACES[face].takesNodes) this.live(entry, cluster, nodeId);
    });
  }

  private follow(entry: Entry<TraceEvictions>): void {
    const { scenario, clock, clusters } = this.world;
    const { scripts } = scenario;
    const series = entry.script.series[entry.key];
    if (series === undefined) return;
    const { from, until, offset, cluster, warning = 0 } = entry.item;
    const names = clusters
      .all()
      .map(({ name }) => name)
      .filter(globTest(cluster));
    for (const name of names) {
      this.shed(entry, name);
      clusters.settle(name);
    }
    // A job may end while its nodes are warned: what it leaves idle goes all the same.
    if (warning > 0) this.alarms.push(clock.after(warning + 1, () => names.forEach((name) => this.shed(entry, name))));
    const elapsed = scripts.elapsed(entry);
    const change = elapsed < from ? from - elapsed : untilChange(series, offset + elapsed - from);
    const next = Math.min(change, until === undefined ? Infinity : until - elapsed);
    const goesOn = Number.isFinite(next) && next > 0;
    // A touch later than the tick, for a timer may be early by as much.
    if (goesOn) this.alarms.push(clock.after(next + 0.001, () => this.follow(entry)));
  }

  private shed(entry: Entry<TraceEvictions>, cluster: string): void {
    const { clusters, capacity, scenario } = this.world;
    const { scripts } = scenario;
    const nodes = clusters.get(cluster)?.nodes ?? [];
    const staying = nodes.filter(({ state }) => state in ORDER);
    const surplus = staying.length - capacity.traced(cluster);
    if (surplus <= 0) return;
    const tick = Math.floor(scripts.elapsed(entry));
    const order = staying.map((node, index) => ({
      node,
      rank: ORDER[node.state] ?? 0,
      by: scripts.draw(entry, tick, index),
    }));
    order.sort((left, right) => left.rank - right.rank || left.by - right.by);
    const going = order.slice(0, surplus).map(({ node }) => node);
    const { face } = entry.item;
    const shown = face === 'mixed' ? pick(TAKING_FACES, scripts.draw(entry, tick, 'face')) : face;
    const { seen, hit } = scripts.count(entry);
    scripts.setCount(entry, { seen: seen + 1, hit: hit + going.length });
    this.take(cluster, going, shown, entry.item);
  }

  private take(
    cluster: string,
    nodes: readonly ClusterNode[],
    face: FaceName,
    how: { warning?: number | undefined; backAfter?: number | undefined },
  ): void {
    const { jobs, clusters } = this.world;
    const working = nodes.filter(({ state, runId }) => state === 'running' && runId !== null);
    for (const job of new Set(working.map(({ runId }) => runId ?? ''))) {
      const start = jobs.startOf(job);
      if (start === undefined) continue;
      const ids = working.map(({ nodeId }) => nodeId);
      const ranks = [...start.nodes.keys()].filter((rank) => ids.includes(start.nodes[rank]?.nodeId ?? ''));
      // What the scenario says may be `mixed`; what was drawn counts.
      const taken = takeAway(this.world, job, start, ranks, { ...how, face });
      void taken.catch((error: Error) => this.world.log(`scenario: ${error.message}`));
    }
    const others = nodes.filter((node) => !working.includes(node)).map(({ nodeId }) => nodeId);
    if (!FACES[face].takesNodes || others.length === 0) return;
    holdBack(this.world, cluster, others, how.backAfter);
    for (const nodeId of others) clusters.preempt(cluster, nodeId);
  }

  private nodeOf(cluster: string, nodeId: string): ClusterNode | undefined {
    const nodes = this.world.clusters.get(cluster)?.nodes ?? [];
    return nodes.find((node) => node.nodeId === nodeId && (node.state === 'idle' || node.state === 'running'));
  }
}

// Machines that nobody works on go first.
const ORDER: Partial<Record<ClusterNode['state'], number>> = { preparing: 0, idle: 1, running: 2 };

/** Seconds that a machine lives, drawn from an exponential distribution. @param drawn from 0 to 1 */
export function lifeSeconds(mean: number, drawn: number): number {
  return -mean * Math.log(1 - drawn);
}
