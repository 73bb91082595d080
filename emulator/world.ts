import type { Capacity } from './capacity/capacity.js';
import type { Clock } from './clock.js';
import type { Clusters } from './computes/clusters.js';
import type { Past } from './faults/past.js';
import type { UploadFaults } from './faults/uploads.js';
import type { Signer } from './identity/signer.js';
import type { Jobs } from './jobs/jobs.js';
import type { Limits } from './limits/limits.js';
import type { Observer } from './http/exchange.js';
import type { Log } from './log.js';
import type { EmulatorOptions } from './options.js';
import type { Scenario } from './scenario/scenario.js';
import type { StorageAccount } from './storage/account.js';
import type { Store } from './store/store.js';

/** Everything a route or a service may need; made once per emulator in `server.ts`. */
export interface World {
  options: EmulatorOptions;
  clock: Clock;
  log: Log;
  store: Store;
  signer: Signer;
  /** null when the emulator was started without a storage account. */
  storage: StorageAccount | null;
  clusters: Clusters;
  jobs: Jobs;
  scenario: Scenario;
  capacity: Capacity;
  uploadFaults: UploadFaults;
  past: Past;
  limits: Limits;
  /** GUID of the workspace. */
  workspaceId: string;
  /** Own address, `https://127.0.0.1:PORT`. */
  url(): string;
  /** Are told of every exchange once it is over. */
  observers: Observer[];
  /** The authority that the server's and the storage's certificates come from. */
  caFile: string;
}

/** ARM id of the workspace. */
export function workspacePath(world: Pick<World, 'options'>): string {
  const { subscription, resourceGroup, workspace } = world.options;
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`;
}
