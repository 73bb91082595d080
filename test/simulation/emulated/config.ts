import { type RunConfig, runConfigSchema } from '../../../domain/config.js';
import { GLOBAL_BATCH, type Schedule } from '../schedule.js';
import { SCALE, realSeconds } from './time.js';

export const ACCOUNT = 'emulatorstorage';
export const CONTAINER = 'bertha';
export const SOURCE = 'bertha-source';
export const PHASE = 'p1';

/** Limits in seconds of a schedule: those of the product, but where waiting for them would teach nothing more. */
export const LIMITS = {
  queued: 3_600,
  preparing: 2_400,
  start: 1_800,
  silent: 600,
  stalled: 1_800,
  finalizing: 1_800,
  notResponding: 1_800,
  redo: 600,
  blind: 900,
} as const;

export interface ConfigOptions {
  readonly cloud: string;
  readonly cluster: string;
  readonly orders: string;
  readonly code: string;
  readonly dataset: string;
}

/** The config of a schedule's run: a trainer that the product knows by its command line alone. */
export function configOf(run: string, schedule: Schedule, options: ConfigOptions): RunConfig {
  const { steps, stepSeconds, bootSeconds, checkpointSeconds, pollSeconds, resumesInPlace, poison } = schedule;
  const local = { subscriptionId: '00000000-0000-0000-0000-000000000001', resourceGroup: 'local', workspace: 'local' };
  return runConfigSchema.parse({
    name: run,
    azure: { cloud: options.cloud, ...local },
    storage: { account: ACCOUNT, container: CONTAINER, datastore: 'bertha' },
    data: { name: 'none', source: { account: ACCOUNT, container: SOURCE, prefix: options.dataset } },
    cluster: {
      ...{ name: options.cluster, sku: 'Standard_DS2_v2', priority: 'low_priority', nodes: 2, processesPerNode: 1 },
      idleSecondsBeforeScaleDown: 120,
    },
    environment: {
      ...{ name: 'plain', image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04' },
      requirements: 'training/requirements.txt',
    },
    trainer: {
      recipe: 'none',
      code: options.code,
      command:
        'python stand_in.py --config ${{inputs.config}} --data ${{inputs.data}} --output ${{outputs.run}} ' +
        '--run {run} --phase {phase} --attempt {attempt}',
      environmentVariables: { FAULT_ORDERS: options.orders },
      parameters: {
        ...{ stepSeconds: stepSeconds / SCALE, bootSeconds: bootSeconds / SCALE, resumesInPlace },
        poison: poison.map((one) => ({ ...one })),
      },
    },
    phases: [{ name: PHASE, steps, globalBatch: GLOBAL_BATCH, microBatch: 64 }],
    checkpoints: { everySeconds: Math.round(realSeconds(checkpointSeconds)) },
    ...watching(pollSeconds),
    model: { name: 'nothing' },
  });
}

function watching(pollSeconds: number) {
  return {
    watch: {
      ...{ pollSeconds: realSeconds(pollSeconds), segmentHours: 0.01, heartbeatSeconds: 0.5, metricsSeconds: 2 },
      limits: {
        ...{ queuedSeconds: realSeconds(LIMITS.queued), preparingSeconds: realSeconds(LIMITS.preparing) },
        ...{ startSeconds: realSeconds(LIMITS.start), silentSeconds: realSeconds(LIMITS.silent) },
        ...{ stalledSeconds: realSeconds(LIMITS.stalled), redoSeconds: realSeconds(LIMITS.redo) },
        ...{ finalizingSeconds: realSeconds(LIMITS.finalizing), blindSeconds: realSeconds(LIMITS.blind) },
        ...{ notRespondingSeconds: realSeconds(LIMITS.notResponding), checkpointFloorSeconds: realSeconds(600) },
      },
    },
    recovery: { waitSeconds: realSeconds(60), longestWaitSeconds: realSeconds(600) },
    stopping: {
      ...{ checkpointSeconds: realSeconds(480), graceSeconds: realSeconds(900) },
      ...{ apartSeconds: realSeconds(60), nodesSeconds: realSeconds(1_800) },
    },
  };
}
