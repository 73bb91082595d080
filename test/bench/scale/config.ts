import { type RunConfig, runConfigSchema } from '../../../domain/config.js';

export const ACCOUNT = 'devstoreaccount1';
export const SOURCE = 'scale-source';
export const PHASE = 'p1';
export const POLL_SECONDS = 30;
/** How often a trainer says where it is; rarer than a real one's 10 s, for one machine carries all of their writes. */
export const HEARTBEAT_SECONDS = 60;
const CLOUD = { cloud: 'local', subscriptionId: '00000000-0000-0000-0000-000000000001' };
export const TARGET = { ...CLOUD, resourceGroup: 'local', workspace: 'local' };
export const SKU = { sku: 'Standard_DS1_v2', priority: 'low_priority' } as const;

/** Runs share clusters and containers, as those of a team do; a container of ten thousand blobs would measure Azurite. */
const RUNS_TOGETHER = 50;
export const placeOf = (index: number) => Math.floor(index / RUNS_TOGETHER);
export const places = (runs: number) => placeOf(runs - 1) + 1;
export const clusterOf = (place: number) => `scale-${place}`;
export const containerOf = (place: number) => `scale-${place}`;
export const RUNS_PER_CLUSTER = RUNS_TOGETHER;

/** So many of the first runs end their watch segments all the time: what a segment costs is counted on them. */
export const SHORT_SEGMENTS = 5;

export const runName = (index: number) => `scale-${String(index).padStart(5, '0')}`;
export const indexOf = (name: string) => Number(/^scale-(\d{5})/.exec(name)?.[1] ?? NaN);

export interface ScaleConfig {
  readonly index: number;
  readonly code: string;
  readonly dataset: string;
  readonly segmentHours: number;
}

/** The config of a run: everything is as in a real one but the training, which nobody does. */
export function configOf({ index, code, dataset, segmentHours }: ScaleConfig): RunConfig {
  const place = placeOf(index);
  return runConfigSchema.parse({
    name: runName(index),
    azure: TARGET,
    storage: { account: ACCOUNT, container: containerOf(place), datastore: containerOf(place).replace('-', '') },
    data: { name: 'none', source: { account: ACCOUNT, container: SOURCE, prefix: dataset } },
    cluster: { name: clusterOf(place), ...SKU, nodes: 1, processesPerNode: 1 },
    environment: {
      ...{ name: 'plain', image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04' },
      requirements: 'training/requirements.txt',
    },
    trainer: {
      recipe: 'none',
      code,
      command: 'train --config ${{inputs.config}} --data ${{inputs.data}} --output ${{outputs.run}}',
      parameters: {},
    },
    phases: [{ name: PHASE, steps: 1_000_000, globalBatch: 64, microBatch: 64 }],
    checkpoints: { everySeconds: 900 },
    watch: { pollSeconds: POLL_SECONDS, segmentHours, heartbeatSeconds: HEARTBEAT_SECONDS },
    model: { name: 'nothing' },
  });
}
