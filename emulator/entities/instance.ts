/**
 * - `Creating`: asked for
 * - `Running`: there
 * - `Stopping`, `Stopped`, `Starting`, `Restarting`: as its owner asked
 */
export type InstanceState = 'Creating' | 'Running' | 'Stopping' | 'Stopped' | 'Starting' | 'Restarting';

/** A compute instance: somebody's own machine. It exists and changes its state; nothing runs on it. */
export interface Instance {
  name: string;
  location: string;
  computeLocation: string | null;
  tags: Record<string, string | null> | null;
  identity: object | null;
  description: string | null;
  disableLocalAuth: boolean;
  createdAt: string;
  modifiedAt: string;
  provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded';
  provisioningErrors: object[] | null;
  provisioningWarnings: object | null | undefined;
  vmSize: string;
  subnet: object | null;
  sshPublicAccess: string;
  applicationSharingPolicy: string;
  authorizationType: string | null;
  personalSettings: object | null;
  setupScripts: object | null;
  idleTimeBeforeShutdown: string | null;
  enableNodePublicIp: boolean;
  /** Whether its maker spoke an api-version of August 2023 or later: it shows the members that came since. */
  isModern: boolean;
  state: InstanceState;
  lastOperation: { name: 'Create' | 'Start' | 'Stop' | 'Restart'; at: string; status: 'InProgress' | 'Succeeded' };
}
