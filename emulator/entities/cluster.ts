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

/** What an AmlCompute cluster was asked to be; null where the request did not say. */
export interface ClusterSettings {
  location: string;
  computeLocation: string | null;
  tags: Record<string, string | null> | null;
  identity: object | null;
  description: string | null;
  disableLocalAuth: boolean;
  vmSize: string;
  vmPriority: 'Dedicated' | 'LowPriority' | null;
  minNodes: number;
  maxNodes: number;
  /** ISO 8601; null until the service fills in its default. */
  idleTime: string | null;
  osType: string | null;
  remoteLogin: string;
  /** Not answered where it was not sent. */
  enableNodePublicIp: boolean | null;
  /** Not answered by clusters that were made before the service knew it. */
  enableBatchPrivateLink: boolean | null;
  userAccount: { adminUserName: string; adminUserSshPublicKey: string | null } | null;
  virtualMachineImage: object | null;
  subnet: object | null;
  isolatedNetwork: boolean;
}

/** An AmlCompute cluster. */
export interface Cluster extends ClusterSettings {
  name: string;
  /** The serverless job that it is there for, and goes with; null for a compute of the workspace. */
  job: string | null;
  createdAt: string;
  modifiedAt: string;
  provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed';
  provisioningErrors: ErrorItem[] | null;
  /** undefined for clusters that were made before the service knew them. */
  provisioningWarnings: object | null | undefined;
  /** Whether it ever came to be: until then an answer shows only what was asked for. */
  provisioned: boolean;
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
