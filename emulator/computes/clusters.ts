import { randomBytes } from 'node:crypto';

import type { Clock } from '../clock.js';
import { durationSeconds } from '../durations.js';
import type { Cluster, ClusterNode } from '../entities/cluster.js';
import { findSize } from '../locations/sizes.js';
import { poolsOf } from '../locations/quotas.js';
import type { Log } from '../log.js';
import type { EmulatorOptions } from '../options.js';
import type { Collection } from '../store/collection.js';

/** What clusters need to know of jobs: how many nodes they want, and whom to tell when nodes are there. */
export interface Tenant {
  /** Nodes that jobs on a cluster have or wait for. */
  demand(cluster: string): number;
  nodesReady(cluster: string): void;
}

const LEAVING_SECONDS = 1;

/** How long a preempted node can be read from listNodes at the least: a client that polls now and then must be able to see it. */
const LISTED_SECONDS = 8;

/** The clusters' machines: made for waiting jobs after a while, taken down after being idle, lost to preemption. */
export class Clusters {
  tenant: Tenant = { demand: () => 0, nodesReady: () => undefined };

  constructor(
    private readonly entities: Collection<Cluster>,
    private readonly clock: Clock,
    private readonly options: EmulatorOptions,
    private readonly log: Log,
  ) {}

  all(): Cluster[] {
    return this.entities.all();
  }

  get(name: string): Cluster | undefined {
    return this.entities.get(name);
  }

  save(cluster: Cluster): Cluster {
    return this.entities.put(cluster.name, cluster);
  }

  delete(name: string): void {
    this.entities.delete(name);
  }

  /** Gives a job `count` idle nodes of a cluster, or none. */
  reserve(name: string, count: number, runId: string): ClusterNode[] | undefined {
    const cluster = this.get(name);
    const idle = cluster?.nodes.filter((node) => node.state === 'idle') ?? [];
    if (cluster === undefined || idle.length < count) return undefined;
    const taken = idle.slice(0, count);
    for (const node of taken) this.move(node, 'running', runId);
    this.save(cluster);
    return taken;
  }

  /** Takes nodes back from a job; those that were preempted meanwhile stay so. */
  release(name: string, nodeIds: readonly string[]): void {
    const cluster = this.get(name);
    if (cluster === undefined) return;
    for (const node of cluster.nodes) {
      if (nodeIds.includes(node.nodeId) && node.state === 'running') this.move(node, 'idle', null);
    }
    this.save(cluster);
    this.clock.after(this.idleSeconds(cluster), () => this.settle(name));
    this.settle(name);
  }

  /** Takes a node away for good. It stays listed as preempted for a while: in the service, until it has its machine back. */
  preempt(name: string, nodeId: string): void {
    const cluster = this.get(name);
    const node = cluster?.nodes.find((each) => each.nodeId === nodeId);
    if (cluster === undefined || node === undefined) return;
    this.move(node, 'preempted', node.runId);
    this.save(cluster);
    this.clock.after(Math.max(LISTED_SECONDS, this.options.provisionSeconds), () => this.drop(name, nodeId));
    this.settle(name);
  }

  /** After a restart of the emulator no machine is left. */
  forgetNodes(): void {
    for (const cluster of this.all()) {
      cluster.nodes = [];
      cluster.provisioningState = 'Succeeded';
      this.save(cluster);
      this.settle(cluster.name);
    }
  }

  /** Brings the number of nodes in line with the jobs, the scale settings and the quota. */
  settle(name: string): void {
    const cluster = this.get(name);
    if (cluster === undefined || cluster.provisioningState === 'Deleting') return;
    const wanted = Math.min(cluster.maxNodes, Math.max(cluster.minNodes, this.tenant.demand(name)));
    this.grow(cluster, wanted);
    this.shrink(cluster, wanted);
    const moving = cluster.nodes.some((node) => node.state === 'preparing' || node.state === 'leaving');
    const state = moving ? 'Resizing' : 'Steady';
    if (state !== cluster.allocationState) cluster.transitionAt = this.clock.now().toISOString();
    cluster.allocationState = state;
    cluster.targetNodes = cluster.nodes.filter((node) => node.state !== 'leaving' && node.state !== 'preempted').length;
    this.save(cluster);
  }

  private grow(cluster: Cluster, wanted: number): void {
    const there = cluster.nodes.filter((node) => node.state !== 'preempted' && node.state !== 'leaving').length;
    const missing = Math.max(0, wanted - there);
    const allowed = Math.min(missing, this.allowedByQuota(cluster));
    cluster.errors = allowed < missing ? [this.quotaReached(cluster, missing)] : null;
    for (let count = 0; count < allowed; count += 1) this.provision(cluster);
  }

  private provision(cluster: Cluster): void {
    const node = this.newNode();
    cluster.nodes.push(node);
    this.log(`cluster ${cluster.name}: node ${node.nodeId} asked for`);
    this.clock.after(this.options.provisionSeconds, () => {
      if (node.state !== 'preparing') return;
      this.move(node, 'idle', null);
      this.save(cluster);
      this.clock.after(this.idleSeconds(cluster), () => this.settle(cluster.name));
      this.settle(cluster.name);
      this.tenant.nodesReady(cluster.name);
    });
  }

  private shrink(cluster: Cluster, wanted: number): void {
    const staying = cluster.nodes.filter((node) => ['preparing', 'idle', 'running'].includes(node.state)).length;
    const tooMany = staying - cluster.maxNodes;
    const surplus = Math.max(0, staying - wanted);
    const idle = cluster.nodes.filter((node) => node.state === 'idle');
    const idleMs = this.clock.milliseconds(this.idleSeconds(cluster));
    idle.slice(0, surplus).forEach((node, index) => {
      const idleLongEnough = this.clock.now().getTime() - Date.parse(node.since) >= idleMs - 1;
      if (idleLongEnough || index < tooMany) this.leave(cluster, node);
    });
  }

  private leave(cluster: Cluster, node: ClusterNode): void {
    this.move(node, 'leaving', null);
    this.clock.after(LEAVING_SECONDS, () => this.drop(cluster.name, node.nodeId));
  }

  private drop(name: string, nodeId: string): void {
    const cluster = this.get(name);
    if (cluster === undefined) return;
    cluster.nodes = cluster.nodes.filter((node) => node.nodeId !== nodeId);
    this.log(`cluster ${name}: node ${nodeId} is gone`);
    this.settle(name);
  }

  private allowedByQuota(cluster: Cluster): number {
    const vCPUs = findSize(cluster.vmSize)?.vCPUs ?? 1;
    const free = poolsOf(cluster, this.all()).map((pool) => Math.floor((pool.limit - pool.inUse) / vCPUs));
    return Math.max(0, Math.min(...free));
  }

  private quotaReached(cluster: Cluster, missing: number): { error: { code: string; message: string } } {
    const vCPUs = findSize(cluster.vmSize)?.vCPUs ?? 1;
    const pools = poolsOf(cluster, this.all());
    const tight = pools.reduce((least, pool) => (pool.limit - pool.inUse < least.limit - least.inUse ? pool : least));
    const message = `Operation results in exceeding quota limits of ${tight.localizedName}. Maximum allowed: ${tight.limit}, Current in use: ${tight.inUse}, Additional requested: ${missing * vCPUs}.`;
    return { error: { code: 'ClusterCoreQuotaReached', message } };
  }

  private idleSeconds(cluster: Cluster): number {
    return durationSeconds(cluster.idleTime ?? '') ?? this.options.idleSeconds;
  }

  private newNode(): ClusterNode {
    const bytes = randomBytes(4);
    return {
      nodeId: `tvmps_${bytes.toString('hex')}${randomBytes(28).toString('hex')}_p`,
      state: 'preparing',
      runId: null,
      privateIpAddress: `10.0.${bytes[0] ?? 0}.${bytes[1] ?? 4}`,
      port: 50_000,
      since: this.clock.now().toISOString(),
    };
  }

  private move(node: ClusterNode, state: ClusterNode['state'], runId: string | null): void {
    node.state = state;
    node.runId = runId;
    node.since = this.clock.now().toISOString();
  }
}
