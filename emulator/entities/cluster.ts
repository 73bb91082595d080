/** A machine of a cluster. */
export interface ClusterNode {
  nodeId: string;
  state: NodeState;
  /** The job that has it; stays on a preempted node. */
  runId: string | null;
  privateIpAddress: string;
  port: number;
  /** Since when it is in this state. */
  since: string;
}

/**
 * - `preparing`: asked for, not there yet
 * - `idle`: there, nothing to do; leaves when that lasts
 * - `running`: works for `runId`
 * - `leaving`: on its way out after being idle
 * - `preempted`: taken away; still listed for a while
 * - `unusable`: broken
 */
export type NodeState = 'preparing' | 'idle' | 'running' | 'leaving' | 'preempted' | 'unusable';

/** An AmlCompute cluster. */
export interface Cluster {
  name: string;
  location: string;
  tags: Record<string, string> | null;
  identity: object | null;
  description: string | null;
  createdAt: string;
  modifiedAt: string;
  provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed';
  provisioningErrors: ErrorItem[] | null;
  vmSize: string;
  vmPriority: 'Dedicated' | 'LowPriority' | null;
  minNodes: number;
  maxNodes: number;
  /** ISO 8601; null until the service fills in its default. */
  idleTime: string | null;
  osType: string;
  remoteLogin: string;
  enableNodePublicIp: boolean;
  subnet: object | null;
  isolatedNetwork: boolean;
  targetNodes: number;
  allocationState: 'Steady' | 'Resizing';
  transitionAt: string;
  errors: ErrorItem[] | null;
  nodes: ClusterNode[];
}

/** An error as compute resources carry it. */
export interface ErrorItem {
  error: { code: string; message: string; details?: { code: string; message: string }[] };
}
