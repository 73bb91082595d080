import { randomBytes } from 'node:crypto';

import type { Clock } from '../clock.js';
import { durationSeconds } from '../durations.js';
import type { Capacity } from '../capacity/capacity.js';
import type { Cluster, ClusterNode, ErrorItem } from '../entities/cluster.js';
import type { Log } from '../log.js';
import type { EmulatorOptions } from '../options.js';
import type { Collection } from '../store/collection.js';

/** What clusters need to know of jobs: how many nodes they want, and whom to tell when nodes are there. */
export interface Tenant {
  /** Nodes that jobs on a cluster have or wait for. */
  demand(cluster: string): number;
  nodesReady(cluster: string): void;
  /** A machine has come; called before anybody has work for it. */
  nodeArrived(cluster: string, nodeId: string): void;
}

const LEAVING_SECONDS = 1;

/** How long a preempted node can be read from listNodes at the least: a client that polls now and then must be able to see it. */
const LISTED_SECONDS = 8;

/** The clusters' machines: made for waiting jobs after a while, taken down after being idle, lost to preemption. */
export class Clusters {
  tenant: Tenant = { demand: () => 0, nodesReady: () => undefined, nodeArrived: () => undefined };

  constructor(
    private readonly entities: Collection<Cluster>,
    private readonly clock: Clock,
    private readonly options: EmulatorOptions,
    private readonly log: Log,
    private readonly capacity: Capacity,
  ) {}

  all(): Cluster[] {
    return this.entities.all();
  }

  /** Those that the workspace shows: all but the ones of serverless jobs. */
  shown(): Cluster[] {
    return this.all().filter(({ job }) => job === null);
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

  /** How many machines a cluster has or is getting; those that were taken away or are leaving are none. */
  count(name: string): number {
    return this.get(name)?.nodes.filter(isThere).length ?? 0;
  }

  /** The operation that makes or changes a cluster is done. @returns why it failed; null when it did not */
  provisioned(name: string): ErrorItem | null {
    const cluster = this.get(name);
    if (cluster === undefined || cluster.provisioningState === 'Deleting') return null;
    const isMade = cluster.provisioningState === 'Creating';
    const obstacle = isMade ? this.capacity.obstacle(cluster, this.all()) : null;
    cluster.provisioningState = obstacle === null ? 'Succeeded' : 'Failed';
    cluster.provisioningErrors = obstacle === null ? null : [obstacle];
    if (obstacle === null) {
      cluster.provisioned = true;
      if (cluster.provisioningWarnings === null) cluster.provisioningWarnings = {};
    }
    this.save(cluster);
    this.settle(name);
    return obstacle;
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
    for (const cluster of this.all()) this.save(Object.assign(cluster, { nodes: [] }));
  }

  /** After a restart, once it is known what jobs still want: what was being done to a cluster is done. */
  recover(): void {
    for (const { name, provisioningState } of this.all()) {
      if (provisioningState === 'Deleting') this.delete(name);
      else if (provisioningState === 'Creating' || provisioningState === 'Updating') this.provisioned(name);
      else this.settle(name);
    }
  }

  /** Brings every cluster in line: what they may have is another now. */
  settleAll(): void {
    for (const { name } of this.all()) this.settle(name);
  }

  /** Brings the number of nodes in line with the jobs, the scale settings and the quota. */
  settle(name: string): void {
    const cluster = this.get(name);
    const isUsable = cluster?.provisioningState !== 'Deleting' && cluster?.provisioningState !== 'Failed';
    if (cluster === undefined || !isUsable) return;
    const wanted = Math.min(cluster.maxNodes, Math.max(cluster.minNodes, this.tenant.demand(name)));
    this.grow(cluster, wanted);
    this.shrink(cluster, wanted);
    const moving = cluster.nodes.some((node) => node.state === 'preparing' || node.state === 'leaving');
    const state = moving ? 'Resizing' : 'Steady';
    if (state !== cluster.allocationState) cluster.transitionAt = this.clock.now().toISOString();
    cluster.allocationState = state;
    cluster.targetNodes = cluster.nodes.filter(isThere).length;
    this.save(cluster);
  }

  private grow(cluster: Cluster, wanted: number): void {
    const missing = Math.max(0, wanted - cluster.nodes.filter(isThere).length);
    const { nodes, errors } = this.capacity.allot(cluster, missing, this.all());
    cluster.errors = errors.length > 0 ? errors : null;
    for (let count = 0; count < nodes; count += 1) this.provision(cluster);
  }

  private provision(cluster: Cluster): void {
    const node = this.newNode();
    cluster.nodes.push(node);
    this.log(`cluster ${cluster.name}: node ${node.nodeId} asked for`);
    this.clock.after(this.options.provisionSeconds, () => {
      const isGone = node.state !== 'preparing' || this.get(cluster.name) !== cluster;
      if (isGone) return;
      this.move(node, 'idle', null);
      this.save(cluster);
      this.tenant.nodeArrived(cluster.name, node.nodeId);
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

function isThere({ state }: ClusterNode): boolean {
  return state !== 'preempted' && state !== 'leaving';
}
