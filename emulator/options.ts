import { randomUUID } from 'node:crypto';

import type { Principal } from './identity/principals.js';

/** How an emulator is set up; every value has a default but the two folders. */
export interface EmulatorOptions {
  /** 0 lets the system choose. */
  port: number;
  /** Port of plain HTTP; 0 lets the system choose, null leaves it shut. */
  httpPort: number | null;
  /** Port of the forward proxy; 0 lets the system choose, null leaves it shut. */
  proxyPort: number | null;
  tlsDir: string;
  stateDir: string;
  scenarioFile: string | null;
  /** Divides the emulator's own waits. */
  speed: number;
  /** Folders put in front of PATH of the jobs' processes. */
  pathPrepend: string[];
  /** `https://127.0.0.1:PORT/ACCOUNT`; null leaves the service without storage: jobs that need it fail and say so. */
  storageEndpoint: string | null;
  storageAccount: string | null;
  storageKey: string | null;
  subscription: string;
  resourceGroup: string;
  workspace: string;
  region: string;
  tenant: string;
  clientId: string;
  /** null: any secret is taken. */
  clientSecret: string | null;
  /** Service principals beside `clientId`, each with a role of its own. */
  principals: readonly Principal[];
  /** Subject of federated tokens of other issuers that are taken for a service principal's; null: only the emulator's own are. */
  federatedSubject: string | null;
  /** Until a new node is there. */
  provisionSeconds: number;
  /** How long a job waits in the queue at the least, idle nodes or not. */
  queueSeconds: number;
  /** Image pull and set-up on a node. */
  prepareSeconds: number;
  /** Until a compute operation is done. azure-ai-ml asks once at once, and then every 30 seconds. */
  operationSeconds: number;
  /** Between SIGTERM and SIGKILL when a job is canceled. */
  graceSeconds: number;
  /** Idle time before scale-down of clusters that name none. */
  idleSeconds: number;
  /** Whether ARM's request limits are enforced. */
  rateLimits: boolean;
  logRequests: boolean;
  /** Nodes are without processes: a command is not run, and its job goes on until something else ends it. */
  hollowNodes: boolean;
}

/** What holds when nobody says otherwise: a local service that is fast enough to wait for. */
export const DEFAULTS = {
  port: 0,
  httpPort: null,
  proxyPort: null,
  scenarioFile: null,
  speed: 1,
  pathPrepend: [],
  storageEndpoint: null,
  storageAccount: null,
  storageKey: null,
  subscription: '00000000-0000-0000-0000-000000000001',
  resourceGroup: 'local',
  workspace: 'local',
  region: 'eastus',
  tenant: '00000000-0000-0000-0000-0000000000aa',
  clientId: '00000000-0000-0000-0000-0000000000bb',
  clientSecret: null,
  principals: [],
  federatedSubject: null,
  provisionSeconds: 2,
  queueSeconds: 0,
  prepareSeconds: 1,
  operationSeconds: 0,
  graceSeconds: 10,
  idleSeconds: 120,
  rateLimits: true,
  logRequests: false,
  hollowNodes: false,
} satisfies Omit<EmulatorOptions, 'tlsDir' | 'stateDir'>;

/** Fills in defaults; the account's name is the last part of the endpoint unless given. */
export function withDefaults(
  given: Partial<EmulatorOptions> & Pick<EmulatorOptions, 'tlsDir' | 'stateDir'>,
): EmulatorOptions {
  const options: EmulatorOptions = { ...DEFAULTS, ...given };
  const fromEndpoint = options.storageEndpoint?.replace(/\/+$/, '').split('/').pop() ?? null;
  return { ...options, storageAccount: options.storageAccount ?? fromEndpoint };
}

/** A GUID that an entity keeps for life. */
export function newGuid(): string {
  return randomUUID();
}

/** The person who does everything here: object id of tokens and runs. */
export const PERSON_ID = '00000000-0000-0000-0000-0000000000cc';
